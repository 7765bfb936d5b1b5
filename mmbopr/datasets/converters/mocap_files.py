"""Files of motion capture studios: Matlab and NASA's CDF."""

from pathlib import Path
from typing import Dict, Iterable

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from mmbopr.utils.packages import need

from .raw_files import ConversionError

# The last is raised for version 7.3.
_UNREADABLE = (MatReadError, ValueError, TypeError, OSError,
               NotImplementedError)  # fmt: skip
_NOWHERE = np.full((2, 2), np.nan)


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
    h5py = need('h5py', f'reading {path}')
    try:
        with h5py.File(path) as file:
            return {name: np.array(file[name]) for name in names}
    except (OSError, KeyError) as error:
        raise _damaged(path, 'HDF5 file', error) from error


def read_cdf(path: Path, name: str) -> np.ndarray:
    """A variable of a CDF file.

    Raises:
        ImportError: If cdflib is not installed.
        ConversionError: If it is damaged or lacks the variable.
    """
    cdflib = need('cdflib', f'reading {path}')
    try:
        return cdflib.CDF(path).varget(name)
    except (ValueError, OSError, IndexError) as error:
        raise _damaged(path, 'CDF file', error) from error


def read_mask_corners(path: Path, frames: Iterable[int]) -> np.ndarray:
    """Extents of masks in a Matlab file from version 7.3.

    Args:
        path: A file whose variable ``Masks`` refers to one mask a frame.
        frames: Which to read.

    Returns:
        np.ndarray: (n, 2, 2) upper left corner and the one beyond the lower
        right, pixels; NaN where a mask is empty.

    Raises:
        ImportError: If h5py is not installed.
        ConversionError: If it is damaged or has fewer frames.
    """
    h5py = need('h5py', f'reading {path}')
    corners = []
    try:
        with h5py.File(path) as file:
            masks = file['Masks']
            for frame in frames:
                # Matlab's rows are HDF5's columns.
                points = np.argwhere(np.array(file[masks[frame, 0]]))
                corners.append(
                    [points.min(0), points.max(0) + 1]
                    if len(points)
                    else _NOWHERE
                )
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise _damaged(path, 'HDF5 file', error) from error
    return np.array(corners, np.float64).reshape(-1, 2, 2)


def _damaged(path: Path, kind: str, error: Exception) -> ConversionError:
    return ConversionError(
        f'{path}: no readable {kind} with what is expected in it ({error}). '
        f'It may be cut off; download it again'
    )
