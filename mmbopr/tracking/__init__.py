"""Who is who over the frames of a video."""

from .iou_tracker import IoUTracker
from .tracker import Tracker

__all__ = ['IoUTracker', 'Tracker']
