"""Datasets."""

from .agora_mesh_dataset import AGORAMeshDataset
from .bedlam_mesh_dataset import BEDLAMMeshDataset
from .body_mesh_dataset import BodyMeshDataset
from .coco_eft_mesh_dataset import CocoEFTMeshDataset
from .human36m_mesh_dataset import Human36mMeshDataset
from .lspet_eft_mesh_dataset import LSPETEFTMeshDataset
from .mpi_inf_3dhp_mesh_dataset import MPIINF3DHPMeshDataset
from .mpii_eft_mesh_dataset import MPIIEFTMeshDataset
from .official_mesh_dataset import OfficialMeshDataset
from .oh50k3d_mesh_dataset import OH50K3DMeshDataset
from .pw3d_mesh_dataset import PW3DMeshDataset

__all__ = [
    'AGORAMeshDataset',
    'BEDLAMMeshDataset',
    'BodyMeshDataset',
    'CocoEFTMeshDataset',
    'Human36mMeshDataset',
    'LSPETEFTMeshDataset',
    'MPIIEFTMeshDataset',
    'MPIINF3DHPMeshDataset',
    'OH50K3DMeshDataset',
    'OfficialMeshDataset',
    'PW3DMeshDataset',
]
