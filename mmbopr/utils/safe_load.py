"""Read pickles that users download, without running anything in them.

A pickle is a program: ``pickle.load`` calls whatever function the file
names.  :func:`safe_load_pickle` replaces every name by an entry of a short
allow-list and refuses the rest.  The entries are *stand-ins* that only
remember their arguments; numpy arrays, scipy matrices and chumpy objects are
built from them afterwards, from checked values.  Not even numpy's own
reconstruction functions are handed to the file, because a crafted dtype makes
them take raw bytes for object pointers.
"""

import pickle
from pathlib import Path
from typing import (
    Any,
    BinaryIO,
    Callable,
    Dict,
    Mapping,
    Optional,
    Tuple,
    Union,
)

from .pickle_stand_ins import DEFAULT_ALLOW, ChumpyStandIn, StandIn

__all__ = [
    'StandIn',
    'UnsafePickleError',
    'safe_load_pickle',
    'safe_load_stream',
]

Allow = Mapping[Tuple[str, str], Callable]

# What the unpickler and the stand-ins raise on bytes that make no sense.
_CORRUPT = (
    pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError,
    IndexError, AttributeError, OverflowError, MemoryError, RuntimeError,
)  # fmt: skip


class UnsafePickleError(ValueError):
    """A pickle names something that is not on the allow-list."""


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, path: Path, allow: Allow, encoding: str):
        super().__init__(file, encoding=encoding)
        self._path = path
        self._allow = allow

    def find_class(self, module: str, name: str) -> Callable:
        if (module, name) in self._allow:
            return self._allow[module, name]
        if module.split('.')[0] == 'chumpy':
            return ChumpyStandIn
        raise UnsafePickleError(
            f'{self._path}: this pickle refers to {module}.{name}, which is '
            'not on the allow-list and was not run. Data files hold only '
            'arrays and plain containers: get the file afresh from its '
            'official page, or, if you trust it, convert it to .npz yourself'
        )


class _Resolver:
    """Turns stand-ins into values, each object once."""

    def __init__(self):
        self._done: Dict[int, Tuple[Any, Any]] = {}

    def __call__(self, item: Any) -> Any:
        if id(item) not in self._done:
            # The item is kept alive, so its id stays its own.
            self._done[id(item)] = (item, self._resolve(item))
        return self._done[id(item)][1]

    def _resolve(self, item: Any) -> Any:
        if isinstance(item, StandIn):
            return item.value(self)
        if isinstance(item, dict):
            return {self(k): self(v) for k, v in item.items()}
        if isinstance(item, (list, tuple)):
            return type(item)(self(x) for x in item)
        return item


def safe_load_pickle(
    path: Union[str, Path],
    encoding: str = 'latin1',
    allow: Optional[Allow] = None,
) -> Any:
    """Load a pickle of arrays and plain containers without executing it.

    Understands Python-2 and Python-3 pickles of numpy arrays and scalars,
    scipy sparse matrices (returned as dense arrays) and chumpy arrays
    (returned as numpy arrays; other chumpy expressions become None).

    Args:
        path: The file.
        encoding: How Python-2 strings are decoded.
        allow: More ``(module, name)`` pairs and what stands for each. Pass
            subclasses of :class:`StandIn`, never the real class: the file
            decides which arguments they get.

    Returns:
        The content, built of plain Python containers and numpy arrays.

    Raises:
        FileNotFoundError: If there is no such file.
        UnsafePickleError: If the pickle names anything else.
        ValueError: If the file is no pickle, or a truncated one.
    """
    path = Path(path)
    with path.open('rb') as file:
        start = file.read(512).lstrip().lower()
        if start.startswith((b'<!doctype', b'<html', b'<?xml')):
            raise ValueError(
                f'{path} is a web page, not a pickle: a download that was '
                'answered by a login or error page. Download it again in a '
                'browser where you are logged in'
            )
        file.seek(0)
        return safe_load_stream(file, path, encoding, allow)


def safe_load_stream(
    file: BinaryIO,
    path: Path,
    encoding: str = 'latin1',
    allow: Optional[Allow] = None,
) -> Any:
    """Like :func:`safe_load_pickle`, from where an open file stands.

    Args:
        file: Open for reading.
        path: What to call it in an error.
        encoding: How Python-2 strings are decoded.
        allow: More pairs and what stands for each.

    Returns:
        The content.

    Raises:
        UnsafePickleError: If the pickle names anything else.
        ValueError: If it is no pickle, or a truncated one.
    """
    allowed = {**DEFAULT_ALLOW, **(allow or {})}
    try:
        return _Resolver()(_Unpickler(file, path, allowed, encoding).load())
    except UnsafePickleError:
        raise
    except _CORRUPT as error:
        raise ValueError(
            f'{path} cannot be read as a pickle ({error}): it is '
            'truncated or of another format. Compare its size with the '
            'original and download it again'
        ) from error
