"""Transforms of the data pipeline."""

from .appearance import RandomChannelGain, SyntheticOcclusion
from .coco_keypoints import AddCocoKeypoints
from .formatting import PackMeshInputs
from .keypoint_prompts import RandomKeypointPrompts
from .loading import LoadMeshImage
from .mesh_transforms import (
    MeshRandomBBoxTransform,
    MeshRandomFlip,
    MeshTopdownAffine,
)

__all__ = [
    'AddCocoKeypoints',
    'LoadMeshImage',
    'MeshRandomBBoxTransform',
    'MeshRandomFlip',
    'MeshTopdownAffine',
    'PackMeshInputs',
    'RandomChannelGain',
    'RandomKeypointPrompts',
    'SyntheticOcclusion',
]
