"""Annotation files, datasets and transforms."""

from .annotations import AnnotationError, AnnotationFile
from .datasets import (
    BodyMeshDataset,
    CocoEFTMeshDataset,
    LSPETEFTMeshDataset,
    MPIIEFTMeshDataset,
    PW3DMeshDataset,
)
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
    'CocoEFTMeshDataset',
    'LSPETEFTMeshDataset',
    'LoadMeshImage',
    'MPIIEFTMeshDataset',
    'MeshRandomBBoxTransform',
    'MeshRandomFlip',
    'MeshTopdownAffine',
    'PW3DMeshDataset',
    'PackMeshInputs',
    'RandomChannelGain',
    'SyntheticOcclusion',
]
