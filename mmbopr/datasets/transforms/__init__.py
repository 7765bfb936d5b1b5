"""Transforms of the data pipeline."""

from .appearance import RandomChannelGain, SyntheticOcclusion
from .bbox_transforms import (
    MeshRandomBBoxTransform,
    MeshRandomFlip,
    NarrowSquareBBox,
)
from .coco_keypoints import AddCocoKeypoints
from .formatting import PackMeshInputs
from .keypoint_prompts import RandomKeypointPrompts
from .loading import LoadMeshImage
from .topdown_affine import MeshTopdownAffine

__all__ = [
    'AddCocoKeypoints',
    'LoadMeshImage',
    'MeshRandomBBoxTransform',
    'MeshRandomFlip',
    'MeshTopdownAffine',
    'NarrowSquareBBox',
    'PackMeshInputs',
    'RandomChannelGain',
    'RandomKeypointPrompts',
    'SyntheticOcclusion',
]
