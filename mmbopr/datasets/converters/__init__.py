"""From official data sets to annotation files."""

from .agora import AGORAConverter
from .base_converter import DatasetConverter, KnownCount, Unit
from .bedlam import BEDLAMConverter
from .conversion import convert_dataset
from .eft import CocoEFTConverter, LSPETEFTConverter, MPIIEFTConverter
from .export import export_human_data
from .h36m import H36MConverter
from .human_data import HumanDataConverter
from .mpi_inf_3dhp import MPIINF3DHPConverter
from .oh50k3d import OH50K3DConverter
from .pw3d import PW3DConverter
from .raw_files import ConversionError
from .rows import Rows
from .spin_npz import SPINNpzConverter

__all__ = [
    'AGORAConverter',
    'BEDLAMConverter',
    'CocoEFTConverter',
    'ConversionError',
    'DatasetConverter',
    'H36MConverter',
    'HumanDataConverter',
    'KnownCount',
    'LSPETEFTConverter',
    'MPIIEFTConverter',
    'MPIINF3DHPConverter',
    'OH50K3DConverter',
    'PW3DConverter',
    'Rows',
    'SPINNpzConverter',
    'Unit',
    'convert_dataset',
    'export_human_data',
]
