"""Detectors by a short name, a file or a config."""

from typing import Union

from mmbopr.registry import TASK_UTILS

from .base_detector import BaseDetector

# What the command line and the inferencer call them.
DETECTORS = {
    'hog': 'HOGDetector',
    'whole': 'WholeImageDetector',
    'rtm': 'RTMDetector',
    'mmdet': 'MMDetDetector',
}


def build_detector(spec: Union[str, dict, BaseDetector]) -> BaseDetector:
    """Make a detector.

    Args:
        spec: A name of :data:`DETECTORS`, a json file in COCO's format, a
            config with ``type``, or a detector, which is returned.

    Raises:
        FileNotFoundError: If there is no such json file.
        ImportError: If what the detector needs is not installed.
        ValueError: If there is no detector of this name.
    """
    if isinstance(spec, BaseDetector):
        return spec
    if isinstance(spec, dict):
        return TASK_UTILS.build(spec)
    if str(spec).endswith('.json'):
        spec = dict(type='CocoJsonDetector', path=spec)
    elif spec in DETECTORS:
        spec = dict(type=DETECTORS[spec])
    else:
        raise ValueError(
            f'there is no detector {spec!r}: take one of '
            f"{sorted(DETECTORS)}, or a .json file with COCO's boxes"
        )
    return TASK_UTILS.build(spec | dict(_scope_='mmbopr'))
