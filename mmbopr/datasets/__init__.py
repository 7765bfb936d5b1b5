"""Annotation files, datasets, samplers and transforms."""

from .annotations import AnnotationError, AnnotationFile
from .datasets import (
    AGORAMeshDataset,
    BEDLAMMeshDataset,
    BodyMeshDataset,
    CocoEFTMeshDataset,
    Human36mMeshDataset,
    LSPETEFTMeshDataset,
    MPIIEFTMeshDataset,
    MPIINF3DHPMeshDataset,
    OH50K3DMeshDataset,
    PW3DMeshDataset,
)
from .samplers import MixtureSampler
from .transforms import (
    LoadMeshImage,
    MeshRandomBBoxTransform,
    MeshRandomFlip,
    MeshTopdownAffine,
    NarrowSquareBBox,
    PackMeshInputs,
    RandomChannelGain,
    RandomKeypointPrompts,
    SyntheticOcclusion,
)

__all__ = [
    'AGORAMeshDataset',
    'AnnotationError',
    'AnnotationFile',
    'BEDLAMMeshDataset',
    'BodyMeshDataset',
    'CocoEFTMeshDataset',
    'Human36mMeshDataset',
    'LSPETEFTMeshDataset',
    'LoadMeshImage',
    'MPIIEFTMeshDataset',
    'MPIINF3DHPMeshDataset',
    'MeshRandomBBoxTransform',
    'MeshRandomFlip',
    'MeshTopdownAffine',
    'MixtureSampler',
    'NarrowSquareBBox',
    'OH50K3DMeshDataset',
    'PW3DMeshDataset',
    'PackMeshInputs',
    'RandomChannelGain',
    'RandomKeypointPrompts',
    'SyntheticOcclusion',
]
