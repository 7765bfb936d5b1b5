"""Npz files of any origin, read without running anything in them."""

import lzma
import math
import struct
import tokenize
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import (
    Any,
    BinaryIO,
    Callable,
    Dict,
    Iterable,
    Iterator,
    Optional,
    Tuple,
    Union,
)

import numpy as np

from .safe_load import UnsafePickleError, safe_load_stream

# What zipfile, its decompressors and numpy's parser of headers raise at bytes
# that make no sense, beside ValueError.
UNREADABLE_NPZ = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError,
    OSError, KeyError, IndexError, TypeError, OverflowError, MemoryError,
    RuntimeError, SyntaxError, tokenize.TokenError,
)  # fmt: skip

_READ_HEADER = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}

_PIECE = 1 << 24  # bytes

PathType = Union[str, Path]


@contextmanager
def open_npz(path: PathType) -> Iterator[BinaryIO]:
    """Open an npz file to be read within the block.

    Args:
        path: The file.

    Yields:
        BinaryIO: The open file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: Says what the block stumbled over, not the file, if that
            is no npz, or a damaged one.
    """
    with open(path, 'rb') as file:
        try:
            yield file
        except UNREADABLE_NPZ as error:
            raise ValueError(str(error) or type(error).__name__) from error


def load_plain_npz(
    path: PathType, keys: Optional[Iterable[str]] = None
) -> Dict[str, np.ndarray]:
    """Load an npz file of arrays, none of them of objects.

    Args:
        path: The file.
        keys: What to read, as far as it is there; all if None.

    Returns:
        dict: Arrays by key.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it holds pickled objects, is no npz, or a damaged one;
            it is up to the caller to name the file.
    """
    return _load(path, keys, _refuse_pickle)


def safe_load_npz(
    path: PathType, keys: Optional[Iterable[str]] = None
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
    try:
        return _load(path, keys, safe_load_stream)
    except UnsafePickleError:
        raise
    except ValueError as error:
        raise ValueError(
            f'{path} is no readable npz ({error}): it is truncated or of '
            f'another format'
        ) from error


def read_npy_header(file: BinaryIO) -> Tuple[Tuple[int, ...], str, np.dtype]:
    """Read from the start of an npy array up to its numbers.

    Args:
        file: Open for reading; stands behind the header afterwards.

    Returns:
        tuple: The shape, the order ('C' or 'F') and the type.

    Raises:
        ValueError: If there is no such header.
    """
    version = np.lib.format.read_magic(file)
    if version not in _READ_HEADER:
        raise ValueError(f'npy version {version} is not supported')
    shape, fortran_order, dtype = _READ_HEADER[version](file)
    return shape, 'F' if fortran_order else 'C', dtype


def _load(
    path: PathType,
    keys: Optional[Iterable[str]],
    unpickle: Callable[[BinaryIO, Path], Any],
) -> Dict[str, Any]:
    arrays = {}
    with open_npz(path) as npz, zipfile.ZipFile(npz) as archive:
        members = {x.removesuffix('.npy'): x for x in archive.namelist()}
        for key in members if keys is None else set(keys) & set(members):
            limit = archive.getinfo(members[key]).file_size
            with archive.open(members[key]) as file:
                arrays[key] = _read_member(
                    file, Path(path) / key, limit, unpickle
                )
                file.read()  # checksums are compared at the very end
    return arrays


def _read_member(
    file: BinaryIO,
    path: Path,
    limit: int,
    unpickle: Callable[[BinaryIO, Path], Any],
) -> Any:
    """One array; ``limit`` is how many bytes there can be."""
    shape, order, dtype = read_npy_header(file)
    if dtype.hasobject:
        content = unpickle(file, path)
        return content.item() if content.shape == () else content
    size = math.prod(shape) * dtype.itemsize
    if size > limit:
        raise ValueError(f'{path.name} is cut off')
    # Piece by piece, for memory of little more than the array's own.
    numbers = np.empty(size, np.uint8)
    for piece in np.split(numbers, range(_PIECE, size, _PIECE)):
        piece[:] = np.frombuffer(file.read(len(piece)), np.uint8)
    return np.ndarray(shape, dtype, numbers, order=order)


def _refuse_pickle(file: BinaryIO, path: Path) -> None:
    raise ValueError(f'{path.name} holds pickled objects')
