"""Datasets."""

from .agora_mesh_dataset import AGORAMeshDataset
from .body_mesh_dataset import BodyMeshDataset
from .coco_eft_mesh_dataset import CocoEFTMeshDataset
from .lspet_eft_mesh_dataset import LSPETEFTMeshDataset
from .mpi_inf_3dhp_mesh_dataset import MPIINF3DHPMeshDataset
from .mpii_eft_mesh_dataset import MPIIEFTMeshDataset
from .official_mesh_dataset import OfficialMeshDataset
from .oh50k3d_mesh_dataset import OH50K3DMeshDataset
from .pw3d_mesh_dataset import PW3DMeshDataset

__all__ = [
    'AGORAMeshDataset',
    'BodyMeshDataset',
    'CocoEFTMeshDataset',
    'LSPETEFTMeshDataset',
    'MPIIEFTMeshDataset',
    'MPIINF3DHPMeshDataset',
    'OH50K3DMeshDataset',
    'OfficialMeshDataset',
    'PW3DMeshDataset',
]
