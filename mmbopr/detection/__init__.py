"""Finding the people of a picture."""

from .base_detector import BOX_MARGIN, BaseDetector, Detections
from .building import DETECTORS, build_detector
from .coco_json import CocoJsonDetector
from .given_boxes import GivenBoxes
from .hog import HOGDetector
from .mmdet_detector import MMDetDetector
from .rtm import RTMDetector
from .whole_image import WholeImageDetector

__all__ = [
    'BOX_MARGIN',
    'DETECTORS',
    'BaseDetector',
    'CocoJsonDetector',
    'Detections',
    'GivenBoxes',
    'HOGDetector',
    'MMDetDetector',
    'RTMDetector',
    'WholeImageDetector',
    'build_detector',
]
