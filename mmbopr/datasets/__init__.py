"""Annotation files, datasets and transforms."""

from .annotations import AnnotationError, AnnotationFile
from .datasets import BodyMeshDataset
from .transforms import (
    LoadMeshImage,
    MeshRandomBBoxTransform,
    MeshRandomFlip,
    MeshTopdownAffine,
    PackMeshInputs,
    RandomChannelGain,
    RandomKeypointPrompts,
    SyntheticOcclusion,
)

__all__ = [
    'AnnotationError',
    'AnnotationFile',
    'BodyMeshDataset',
    'LoadMeshImage',
    'MeshRandomBBoxTransform',
    'MeshRandomFlip',
    'MeshTopdownAffine',
    'PackMeshInputs',
    'RandomChannelGain',
    'RandomKeypointPrompts',
    'SyntheticOcclusion',
]
