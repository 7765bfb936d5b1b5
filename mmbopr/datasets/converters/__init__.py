"""From official data sets to annotation files."""

from .base_converter import DatasetConverter, KnownCount, Unit
from .conversion import convert_dataset
from .pw3d import PW3DConverter
from .raw_files import ConversionError
from .rows import Rows

__all__ = [
    'ConversionError',
    'DatasetConverter',
    'KnownCount',
    'PW3DConverter',
    'Rows',
    'Unit',
    'convert_dataset',
]
