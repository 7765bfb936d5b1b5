"""From official data sets to annotation files."""

from .base_converter import DatasetConverter, KnownCount, Unit
from .conversion import convert_dataset
from .eft import CocoEFTConverter, LSPETEFTConverter, MPIIEFTConverter
from .pw3d import PW3DConverter
from .raw_files import ConversionError
from .rows import Rows

__all__ = [
    'CocoEFTConverter',
    'ConversionError',
    'DatasetConverter',
    'KnownCount',
    'LSPETEFTConverter',
    'MPIIEFTConverter',
    'PW3DConverter',
    'Rows',
    'Unit',
    'convert_dataset',
]
