"""Annotation files, datasets, samplers and transforms."""

from .annotations import AnnotationError, AnnotationFile
from .datasets import BodyMeshDataset
from .samplers import MixtureSampler
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
    'MixtureSampler',
    'PackMeshInputs',
    'RandomChannelGain',
    'RandomKeypointPrompts',
    'SyntheticOcclusion',
]
