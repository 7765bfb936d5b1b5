"""Motion over time: smoothing of rotations and points."""

from .one_euro import OneEuro
from .savitzky_golay import SavitzkyGolay
from .smooth_track import SMOOTHERS, smooth_track
from .spaces import POINTS, ROTATIONS, Space

__all__ = [
    'POINTS',
    'ROTATIONS',
    'SMOOTHERS',
    'OneEuro',
    'SavitzkyGolay',
    'Space',
    'smooth_track',
]
