"""Videos: reading, writing, and the people in them over time."""

from .predict_video import VideoPrediction, draw_video, predict_video
from .reader import VideoReader
from .tracked_results import apply_tracks, track_people
from .writer import (
    BaseVideoWriter,
    FFmpegVideoWriter,
    OpenCVVideoWriter,
    open_video_writer,
)

__all__ = [
    'BaseVideoWriter',
    'FFmpegVideoWriter',
    'OpenCVVideoWriter',
    'VideoPrediction',
    'VideoReader',
    'apply_tracks',
    'draw_video',
    'open_video_writer',
    'predict_video',
    'track_people',
]
