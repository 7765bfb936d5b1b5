"""What stands for the classes and functions that a pickle may name.

Each stand-in only remembers its arguments and its state; :meth:`value` builds
the real thing from them, after checking. See :mod:`mmbopr.utils.safe_load`.
"""

import math
from typing import Any, Callable, Dict, Mapping, Tuple

import numpy as np


class StandIn:
    """Inert replacement of a class named by a pickle.

    Subclasses define :meth:`value`.  Classes, not functions, stand for
    functions too: an instruction that sets attributes of a callable fails on
    them because :meth:`__setstate__` exists.
    """

    args: Tuple = ()
    state: Any = None

    def __init__(self, *args):
        self.args = args

    def __setstate__(self, state):
        self.__dict__['state'] = state

    def value(self, resolve: Callable[[Any], Any]) -> Any:
        """What the pickle means; ``resolve`` does the same for a part."""
        raise NotImplementedError


class _DType(StandIn):
    """``numpy.dtype(spec, align, copy)`` of plain numbers or strings."""

    def value(self, resolve):
        spec = self.args[0]
        if isinstance(spec, bytes):
            spec = spec.decode('ascii')
        dtype = np.dtype(spec) if isinstance(spec, str) else None
        if dtype is None or dtype.kind not in 'biufcSUO':
            raise ValueError(f'array of unsupported type {spec!r}')
        order = self.state[1] if self.state else '|'
        return dtype.newbyteorder(order) if order in '<>' else dtype


def _as_bytes(data) -> bytes:
    # Python-2 strings arrive as latin-1 text.
    return data.encode('latin1') if isinstance(data, str) else bytes(data)


def _build_array(shape, dtype, is_fortran, data) -> np.ndarray:
    if dtype.kind == 'O':
        array = np.empty(len(data), dtype=object)
        # One by one: lists of one length would be taken for rows.
        for place, item in enumerate(data):
            array[place] = item
    else:
        array = np.frombuffer(_as_bytes(data), dtype)
        # Native byte order: torch takes no other.
        array = array.astype(dtype.newbyteorder('='))
    if math.prod(shape) != array.size or min(shape, default=0) < 0:
        raise ValueError(f'{array.size} values for an array of shape {shape}')
    return array.reshape(shape, order='F' if is_fortran else 'C')


class _NDArray(StandIn):
    """``numpy.ndarray`` and its ``_reconstruct``; the state has it all."""

    def value(self, resolve):
        _, shape, dtype, is_fortran, data = self.state
        dtype = resolve(dtype)
        if dtype.kind == 'O':
            if not isinstance(data, list):
                raise ValueError('object array without a list of objects')
            data = [resolve(item) for item in data]
        return _build_array(tuple(shape), dtype, is_fortran, data)


class _FromBuffer(StandIn):
    """``numpy.core.numeric._frombuffer`` of protocol 5."""

    def value(self, resolve):
        data, dtype, shape, order = self.args
        dtype = resolve(dtype)
        if dtype.kind == 'O':
            raise ValueError('object array in a raw buffer')
        return _build_array(tuple(shape), dtype, order == 'F', data)


class _Scalar(StandIn):
    """``numpy.core.multiarray.scalar``."""

    def value(self, resolve):
        dtype = resolve(self.args[0])
        if dtype.kind == 'O':
            raise ValueError('numpy scalar of type object')
        return np.frombuffer(_as_bytes(self.args[1]), dtype)[0]


class _Sparse(StandIn):
    """A scipy sparse matrix; its value is the dense array."""

    def value(self, resolve):
        state = resolve(self.state)
        shape = tuple(state['_shape'] if '_shape' in state else state['shape'])
        dense = np.zeros(shape, state['data'].dtype)
        np.add.at(dense, self.indices(state), state['data'])
        return dense


class _CSC(_Sparse):
    @staticmethod
    def indices(state):
        counts = np.diff(state['indptr'])
        columns = np.repeat(np.arange(len(counts)), counts)
        return state['indices'], columns


class _CSR(_Sparse):
    @staticmethod
    def indices(state):
        counts = np.diff(state['indptr'])
        return np.repeat(np.arange(len(counts)), counts), state['indices']


class _COO(_Sparse):
    @staticmethod
    def indices(state):
        # Older versions of scipy keep the two apart.
        if 'coords' in state:
            return state['coords']
        return state['row'], state['col']


class ChumpyStandIn(StandIn):
    """A chumpy object: an array, or a selection from one."""

    def value(self, resolve):
        """(...) array, or None for a formula over other arrays."""
        state = resolve(self.state)
        if 'x' in state:
            return np.asarray(state['x'])
        if 'a' in state and 'idxs' in state:
            picked = np.asarray(state['a']).ravel()[state['idxs']]
            shape = state.get('preferred_shape', picked.shape)
            return picked.reshape(shape)
        return None


class _Object(StandIn):
    """``object``, as the base that ``_reconstructor`` is told."""

    def value(self, resolve):
        return None


class _Reconstructor(StandIn):
    """``copy_reg._reconstructor(cls, object, None)``."""

    def __new__(cls, target, base, state):
        if base is not _Object or not issubclass(target, StandIn):
            raise ValueError('unexpected use of copy_reg._reconstructor')
        return target()


class _EmptyBytes(StandIn):
    """``bytes()``: the empty string in a protocol-2 pickle."""

    def __new__(cls):
        return b''


class _Encode(StandIn):
    """``_codecs.encode(text, 'latin1')``: bytes in a protocol-2 pickle."""

    def __new__(cls, text, encoding='latin1'):
        if encoding not in ('latin1', 'latin-1'):
            raise ValueError(f'unexpected text encoding {encoding!r}')
        return text.encode('latin1')


def _pairs(modules: str, names: str, stand_in: Callable) -> Dict:
    return {(m, n): stand_in for m in modules.split() for n in names.split()}


_BUILTINS = '__builtin__ builtins'
_MULTIARRAY = 'numpy.core.multiarray numpy._core.multiarray'
_NUMERIC = 'numpy.core.numeric numpy._core.numeric'


def _sparse_pairs(name: str, stand_in: Callable) -> Dict:
    modules = f'scipy.sparse scipy.sparse.{name} scipy.sparse._{name}'
    return _pairs(modules, f'{name}_matrix {name}_array', stand_in)


DEFAULT_ALLOW: Mapping[Tuple[str, str], Callable] = {
    **_pairs('numpy', 'ndarray', _NDArray),
    **_pairs('numpy', 'dtype', _DType),
    **_pairs(_MULTIARRAY, '_reconstruct', _NDArray),
    **_pairs(_MULTIARRAY, 'scalar', _Scalar),
    **_pairs(_NUMERIC, '_frombuffer', _FromBuffer),
    **_sparse_pairs('csc', _CSC),
    **_sparse_pairs('csr', _CSR),
    **_sparse_pairs('coo', _COO),
    **_pairs('copy_reg copyreg', '_reconstructor', _Reconstructor),
    **_pairs('_codecs', 'encode', _Encode),
    **_pairs('collections', 'OrderedDict', dict),
    **_pairs(_BUILTINS, 'object', _Object),
    **_pairs(_BUILTINS, 'bytes', _EmptyBytes),
    **_pairs(_BUILTINS, 'set', set),
    **_pairs(_BUILTINS, 'frozenset', frozenset),
    **_pairs(_BUILTINS, 'bytearray', bytearray),
    **_pairs(_BUILTINS, 'complex', complex),
    **_pairs(_BUILTINS, 'slice', slice),
}
