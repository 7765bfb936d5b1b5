"""Pickles of arrays that NumPy 1 and NumPy 2 both read.

NumPy 2 calls its inner package ``numpy._core`` in what it pickles, which
NumPy 1 does not have; ``numpy.core`` is known to both.
"""

import pickle
import pickletools
from typing import Any

# Its one opcode for names holds them as plain text, unlike that of protocol
# 4; and bytes stay bytes, unlike in protocol 2.
_PROTOCOL = 3
_NEW, _OLD = b'numpy._core', b'numpy.core'


def dumps_portable(content: Any) -> bytes:
    """Pickle containers of arrays and numbers, for Python 3 and any NumPy."""
    return rename_numpy(pickle.dumps(content, protocol=_PROTOCOL))


def rename_numpy(data: bytes) -> bytes:
    """Call NumPy's inner package by the name that all versions know.

    Only names of classes and functions are changed, not data that happens to
    look like one.

    Args:
        data: A pickle of protocol 3 or lower.
    """
    pieces, done = [], 0
    for opcode, name, position in pickletools.genops(data):
        if opcode.name == 'GLOBAL' and name.startswith(_NEW.decode()):
            start = position + 1  # the opcode is one byte
            pieces += [data[done:start], _OLD]
            done = start + len(_NEW)
    return b''.join([*pieces, data[done:]])
