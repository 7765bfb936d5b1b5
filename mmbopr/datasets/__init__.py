"""Annotation files, datasets and transforms."""

from .annotations import AnnotationError, AnnotationFile
from .datasets import BodyMeshDataset, PW3DMeshDataset
from .transforms import (
    LoadMeshImage,
    MeshRandomBBoxTransform,
    MeshRandomFlip,
    MeshTopdownAffine,
    PackMeshInputs,
    RandomChannelGain,
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
    'PW3DMeshDataset',
    'PackMeshInputs',
    'RandomChannelGain',
    'SyntheticOcclusion',
]
