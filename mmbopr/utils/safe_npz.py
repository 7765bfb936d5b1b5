"""Npz files with pickled members, read without running anything in them."""

import zipfile
from pathlib import Path
from typing import Any, BinaryIO, Dict, Iterable, Optional, Union

import numpy as np

from .safe_load import safe_load_stream

_READ_HEADER = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def safe_load_npz(
    path: Union[str, Path], keys: Optional[Iterable[str]] = None
) -> Dict[str, Any]:
    """Load an npz file, whatever its arrays hold.

    Arrays of objects are pickles; they are read as by
    :func:`.safe_load.safe_load_pickle`.

    Args:
        path: The file.
        keys: What to read, as far as it is there; all if None.

    Returns:
        dict: Arrays by key.  A single object that was saved, such as a
        dictionary, comes as it is.

    Raises:
        FileNotFoundError: If there is no such file.
        UnsafePickleError: If a pickle names anything but arrays and plain
            containers.
        ValueError: If the file is no npz, or a damaged one.
    """
    path = Path(path)
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix('.npy') for name in archive.namelist()]
            for key in names if keys is None else set(keys) & set(names):
                with archive.open(f'{key}.npy') as file:
                    arrays[key] = _read_member(file, path / key)
    except (zipfile.BadZipFile, EOFError) as error:
        raise ValueError(
            f'{path} is no readable npz ({error}): it is truncated or of '
            f'another format'
        ) from error
    return arrays


def _read_member(file: BinaryIO, path: Path) -> Any:
    version = np.lib.format.read_magic(file)
    if version not in _READ_HEADER:
        raise ValueError(f'{path}: npy version {version} is not supported')
    shape, fortran_order, dtype = _READ_HEADER[version](file)
    if dtype.hasobject:
        content = safe_load_stream(file, path)
        return content.item() if content.shape == () else content
    content = np.frombuffer(file.read(), dtype)
    return content.reshape(shape, order='F' if fortran_order else 'C').copy()
