"""Npz files mapped instead of read.

Members stored without compression (``np.savez``) live once in the page
cache, whatever the number of processes that look at them.
"""

import mmap
import struct
import zipfile
from typing import BinaryIO, Dict

import numpy as np
from mmengine.logging import print_log

from mmbopr.utils.safe_npz import load_plain_npz, open_npz, read_npy_header

# A zip member's local header ends in the lengths of its name and extra field.
_HEADER_SIZE, _LENGTHS = 30, slice(26, 30)


def map_npz(path: str) -> Dict[str, np.ndarray]:
    """Map the members of an npz file; read those that are compressed.

    Args:
        path: The file.

    Returns:
        dict: Read-only arrays by key.  All mapped ones are views of a single
        mapping of the file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is no npz, is damaged, or holds an array that
            would have to be unpickled.
    """
    arrays, compressed = {}, []
    with open_npz(path) as file, zipfile.ZipFile(file) as archive:
        buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        for member in archive.infolist():
            key = member.filename.removesuffix('.npy')
            if member.compress_type == zipfile.ZIP_STORED:
                file.seek(member.header_offset)
                arrays[key] = _map_member(file, buffer)
            else:
                compressed.append(key)
    if compressed:
        arrays.update(_read_members(path, compressed))
    return arrays


def _map_member(file: BinaryIO, buffer: mmap.mmap) -> np.ndarray:
    """View of the npy array whose zip header ``file`` stands at."""
    header = file.read(_HEADER_SIZE)
    file.seek(sum(struct.unpack('<HH', header[_LENGTHS])), 1)
    shape, order, dtype = read_npy_header(file)
    if dtype.hasobject:
        raise ValueError('a member is a pickled object array')
    return np.ndarray(shape, dtype, buffer, file.tell(), order=order)


def _read_members(path: str, keys: list) -> Dict[str, np.ndarray]:
    print_log(
        f'{path}: {keys} are compressed, so every process keeps its own '
        f'copy; write the file with np.savez to share them',
        logger='current',
    )
    return load_plain_npz(path, keys)
