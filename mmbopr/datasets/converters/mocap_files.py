"""Files of motion capture studios: Matlab and NASA's CDF."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Dict

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from .raw_files import ConversionError

# The last is raised for version 7.3.
_UNREADABLE = (MatReadError, ValueError, TypeError, OSError,
               NotImplementedError)  # fmt: skip


def need(package: str, path: Path) -> ModuleType:
    """Import a package that only some files need.

    Raises:
        ImportError: If it is not installed; says which file needs it.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ImportError(
            f'{path}: reading it needs {package}. Install it with '
            f'"pip install {package}"'
        ) from error


def read_mat(path: Path) -> Dict[str, np.ndarray]:
    """The variables of a Matlab file up to version 7.

    Raises:
        ConversionError: If it is damaged, or no such file.
    """
    try:
        return loadmat(path)
    except _UNREADABLE as error:
        raise _damaged(path, 'Matlab file', error) from error


def read_hdf5(path: Path, *names: str) -> Dict[str, np.ndarray]:
    """Variables of a Matlab file from version 7.3, which is HDF5.

    Axes come in reverse order, as HDF5 has them.

    Raises:
        ImportError: If h5py is not installed.
        ConversionError: If it is damaged or lacks a variable.
    """
    h5py = need('h5py', path)
    try:
        with h5py.File(path) as file:
            return {name: np.array(file[name]) for name in names}
    except (OSError, KeyError) as error:
        raise _damaged(path, 'HDF5 file', error) from error


def _damaged(path: Path, kind: str, error: Exception) -> ConversionError:
    return ConversionError(
        f'{path}: no readable {kind} with what is expected in it ({error}). '
        f'It may be cut off; download it again'
    )
