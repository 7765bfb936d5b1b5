"""Pickles as Python 2 wrote them."""

import pickle
from io import BytesIO
from typing import Any, Union


# Only the implementation in Python lets a type be written differently.
class _Python2Pickler(pickle._Pickler):
    """Writes every string as the ``str`` of Python 2, which was bytes."""

    dispatch = dict(pickle._Pickler.dispatch)

    def _save_string(self, text: Union[str, bytes]) -> None:
        data = text.encode('latin1') if isinstance(text, str) else text
        if len(data) < 256:
            head = pickle.SHORT_BINSTRING + bytes([len(data)])
        else:
            head = pickle.BINSTRING + len(data).to_bytes(4, 'little')
        self.write(head + data)
        self.memoize(text)

    dispatch[str] = dispatch[bytes] = _save_string


def python2_dumps(content: Any) -> bytes:
    """Pickle by protocol 2 as a Python-2 program does.

    Args:
        content: Containers, numbers, arrays and latin-1 strings.

    Returns:
        bytes: A pickle without any unicode string.
    """
    file = BytesIO()
    _Python2Pickler(file, protocol=2).dump(content)
    return file.getvalue()
