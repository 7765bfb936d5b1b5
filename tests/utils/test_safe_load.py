import pickle
import sys
import types
from collections import OrderedDict

import numpy as np
import pytest
from scipy import sparse

from mmbopr.utils.safe_load import (
    StandIn,
    UnsafePickleError,
    safe_load_pickle,
)


@pytest.fixture
def write(tmp_path):
    def _write(content, protocol=2):
        path = tmp_path / 'file.pkl'
        if not isinstance(content, bytes):
            content = pickle.dumps(content, protocol)
        path.write_bytes(content)
        return path

    return _write


def make_chumpy_module(monkeypatch):
    """A module that pickles as chumpy does: the instance's dict."""

    class Ch:
        def __init__(self, **state):
            self.__dict__.update(state)

    class Select(Ch):
        pass

    class Multiply(Ch):
        pass

    for name in ('chumpy', 'chumpy.ch', 'chumpy.reordering'):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    for cls, module in (
        (Ch, 'chumpy.ch'),
        (Multiply, 'chumpy.ch'),
        (Select, 'chumpy.reordering'),
    ):
        cls.__module__, cls.__qualname__ = module, cls.__name__
        setattr(sys.modules[module], cls.__name__, cls)
    return Ch, Select, Multiply


@pytest.mark.parametrize('protocol', range(2, 6))
@pytest.mark.parametrize(
    'array',
    [
        np.arange(12, dtype=np.float64).reshape(3, 4),
        np.asfortranarray(np.arange(12, dtype=np.float32).reshape(3, 4)),
        np.arange(3, dtype='>i4'),
        np.zeros((0, 3)),
        np.array(2.5),
        np.array([True, False]),
        np.array(['left', 'right']),
        np.array([b'ab', b'c']),
        np.array([1 + 2j]),
    ],
    ids=lambda a: f'{a.dtype}{a.shape}',
)
def test_arrays_equal_pickle(write, array, protocol):
    loaded = safe_load_pickle(write({'x': array}, protocol))['x']
    assert type(loaded) is np.ndarray
    assert loaded.dtype == array.dtype.newbyteorder('=')
    np.testing.assert_array_equal(loaded, array)


@pytest.mark.parametrize('protocol', range(2, 6))
def test_plain_content_and_scalars(write, protocol):
    content = {
        'tuple': (1, 2.5, None, True, 'text', b'bytes'),
        'nested': [{'a': np.float32(1.5)}, OrderedDict(k=np.int64(7))],
        'set': {1, 2},
        'objects': np.array([np.zeros(2), None, 'x'], dtype=object),
    }
    loaded = safe_load_pickle(write(content, protocol))
    assert loaded['tuple'] == content['tuple']
    assert loaded['nested'] == [{'a': 1.5}, {'k': 7}]
    assert loaded['nested'][0]['a'].dtype == np.float32
    assert loaded['set'] == {1, 2}
    np.testing.assert_array_equal(loaded['objects'][0], np.zeros(2))
    assert loaded['objects'][1:].tolist() == [None, 'x']


def test_an_array_of_lists_stays_one(write):
    array = np.empty(2, object)
    array[0], array[1] = [1, 2], [3, np.float64(4)]
    for protocol in range(2, 6):
        loaded = safe_load_pickle(write(array, protocol))
        assert loaded.shape == (2,) and loaded.tolist() == [[1, 2], [3, 4]]


def test_one_object_stays_one(write):
    array = np.arange(3)
    loaded = safe_load_pickle(write([array, array]))
    assert loaded[0] is loaded[1]


def test_python_2_pickle(write):
    # As written by Python 2.7, numpy 1.8, pickle protocol 0:
    # {'a': numpy.array([1., 2.])}; the bytes are text in the pickle.
    data = (
        b"(dp0\nS'a'\np1\ncnumpy.core.multiarray\n_reconstruct\np2\n"
        b"(cnumpy\nndarray\np3\n(I0\ntp4\nS'b'\np5\ntp6\nRp7\n"
        b"(I1\n(I2\ntp8\ncnumpy\ndtype\np9\n(S'f8'\np10\nI0\nI1\ntp11\nRp12\n"
        b"(I3\nS'<'\np13\nNNNI-1\nI-1\nI0\ntp14\nbI00\n"
        b"S'\\x00\\x00\\x00\\x00\\x00\\x00\\xf0?"
        b"\\x00\\x00\\x00\\x00\\x00\\x00\\x00@'\np15\ntp16\nbs."
    )
    np.testing.assert_array_equal(
        safe_load_pickle(write(data))['a'], [1.0, 2.0]
    )


def test_python_2_old_style_class(write):
    # A csc_matrix by copy_reg._reconstructor, then its state, protocol 0.
    state = {
        '_shape': (2, 3),
        'data': np.array([5.0, 7.0]),
        'indices': np.array([1, 0], np.int32),
        'indptr': np.array([0, 1, 1, 2], np.int32),
    }
    head = (
        b'ccopy_reg\n_reconstructor\n(cscipy.sparse.csc\ncsc_matrix\n'
        b'c__builtin__\nobject\nNtR'
    )
    body = pickle.dumps(state, 0)[:-1]
    loaded = safe_load_pickle(write(head + body + b'b.'))
    np.testing.assert_array_equal(loaded, [[0, 0, 7], [5, 0, 0]])


@pytest.mark.parametrize('kind', ['csc', 'csr', 'coo'])
def test_sparse_matrices_become_dense(write, kind):
    dense = np.array([[0, 2.0, 0], [1, 0, 3]])
    matrix = getattr(sparse, f'{kind}_matrix')(dense)
    np.testing.assert_array_equal(safe_load_pickle(write(matrix)), dense)


def test_old_coo_matrix(write):
    state = {
        '_shape': (2, 3),
        'data': np.array([5.0, 7.0]),
        'row': np.array([1, 0]),
        'col': np.array([0, 2]),
    }
    head = b'ccopy_reg\n_reconstructor\n(cscipy.sparse.coo\ncoo_matrix\n'
    head += b'c__builtin__\nobject\nNtR'
    loaded = safe_load_pickle(
        write(head + pickle.dumps(state, 0)[:-1] + b'b.')
    )
    np.testing.assert_array_equal(loaded, [[0, 0, 7], [5, 0, 0]])


def test_sparse_index_out_of_bounds_is_refused(write):
    matrix = sparse.csc_matrix(np.eye(3))
    matrix.indices[0] = 10**6
    with pytest.raises(ValueError, match='cannot be read as a pickle'):
        safe_load_pickle(write(matrix))


def test_chumpy(write, monkeypatch):
    Ch, Select, Multiply = make_chumpy_module(monkeypatch)
    base = Ch(x=np.arange(6.0).reshape(2, 3), _dirty_vars=set(), _itr=None)
    data = pickle.dumps(
        {
            'plain': base,
            'nested': Ch(x=base),
            'picked': Select(
                a=base, idxs=np.array([0, 4]), preferred_shape=(2, 1)
            ),
            'formula': Multiply(a=base, b=base),
        },
        2,
    )
    monkeypatch.delitem(sys.modules, 'chumpy.ch')
    loaded = safe_load_pickle(write(data))
    np.testing.assert_array_equal(loaded['plain'], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(loaded['nested'], loaded['plain'])
    np.testing.assert_array_equal(loaded['picked'], [[0], [4]])
    assert loaded['formula'] is None


class Call:
    """Pickles as the call of a function."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    'data, name',
    [
        (b"cos\nsystem\n(S'echo no'\ntR.", 'os.system'),
        (b"cposix\nsystem\n(S'echo no'\ntR.", 'posix.system'),
        (b"(S'echo no'\nios\nsystem\n.", 'os.system'),
        (b"c__builtin__\neval\n(S'1'\ntR.", '__builtin__.eval'),
        (b'c__builtin__\ngetattr\n(c__builtin__\ndict\n', 'getattr'),
        (b'cfunctools\npartial\n(c__builtin__\nset\ntR.', 'partial'),
        (b'\x80\x04\x8c\x05numpy\x8c\x0cndarray.dump\x93.', 'ndarray.dump'),
        (b'\x80\x04\x8c\x08builtins\x8c\x0bdict.update\x93.', 'dict.update'),
        (b'cnumpy\nload\n.', 'numpy.load'),
        (b'cnumpy.testing._private.utils\nrunstring\n.', 'runstring'),
        (b'cscipy.sparse\nload_npz\n.', 'load_npz'),
        (b'ccodecs\nopen\n.', 'codecs.open'),
    ],
)
def test_anything_else_is_refused_by_name(write, data, name):
    path = write(data)
    with pytest.raises(UnsafePickleError, match='not on the allow-list') as e:
        safe_load_pickle(path)
    assert name in str(e.value)
    assert str(path) in str(e.value)


def test_nothing_runs(write, tmp_path):
    target = tmp_path / 'made_by_pickle'
    with pytest.raises(UnsafePickleError):
        safe_load_pickle(write(Call(open, str(target), 'w')))
    assert not target.exists()


def _array_with_dtype_state(spec, state, shape, data):
    """A crafted array pickle; returns bytes."""

    class DType:
        def __reduce__(self):
            return np.dtype, (spec, False, True), state

    class Array:
        def __reduce__(self):
            return (
                np.core.multiarray._reconstruct,
                (np.ndarray, (0,), b'b'),
                (1, shape, DType(), False, data),
            )

    return pickle.dumps(Array(), 2)


@pytest.mark.parametrize(
    'data',
    [
        # An object dtype that claims to be plain: raw bytes as pointers.
        _array_with_dtype_state(
            'O8', (3, '|', None, None, None, -1, -1, 0), (1,), b'A' * 8
        ),
        # A structured dtype.
        _array_with_dtype_state(
            'V8', (3, '|', None, ('a',), {}, 8, 1, 0), (1,), b'A' * 8
        ),
        # More values promised than there are.
        _array_with_dtype_state(
            'f8', (3, '<', None, None, None, -1, -1, 0), (10**9,), b'A' * 8
        ),
        _array_with_dtype_state(
            'f8', (3, '<', None, None, None, -1, -1, 0), (-1, -1), b'A' * 8
        ),
        pickle.dumps(Call(np.core.multiarray.scalar, np.dtype('O'), b'A'), 2),
        # Decoding with a codec of the file's choice.
        b"c_codecs\nencode\n(S'x'\nS'rot13'\ntR.",
        # Setting attributes of a function of ours.
        b"c_codecs\nencode\n(N}S'a'\nI1\nstb.",
        # Instances of classes that are not stand-ins.
        b'ccopy_reg\n_reconstructor\n(c__builtin__\nset\n'
        b'c__builtin__\nobject\nNtR.',
    ],
    ids=[
        'object-flags', 'structured', 'short', 'negative', 'object-scalar',
        'codec', 'setattr', 'reconstructor',
    ],
)  # fmt: skip
def test_allowed_names_with_hostile_arguments(write, data):
    with pytest.raises(ValueError, match='cannot be read as a pickle'):
        safe_load_pickle(write(data))


def test_allow_takes_stand_ins(write):
    class Fraction(StandIn):
        def value(self, resolve):
            return ('fraction', *self.args)

    data = b"cfractions\nFraction\n(S'1/3'\ntR."
    with pytest.raises(UnsafePickleError, match=r'fractions\.Fraction'):
        safe_load_pickle(write(data))
    allow = {('fractions', 'Fraction'): Fraction}
    loaded = safe_load_pickle(write(data), allow=allow)
    assert loaded == ('fraction', '1/3')


def test_truncated_file(write):
    data = pickle.dumps({'x': np.zeros(100)}, 2)
    with pytest.raises(ValueError, match='truncated'):
        safe_load_pickle(write(data[:-50]))


def test_web_page(write):
    with pytest.raises(ValueError, match='web page'):
        safe_load_pickle(write(b'\n<!DOCTYPE html><html>login</html>'))


def test_empty_and_missing_file(write, tmp_path):
    with pytest.raises(ValueError, match='cannot be read'):
        safe_load_pickle(write(b''))
    with pytest.raises(FileNotFoundError):
        safe_load_pickle(tmp_path / 'none.pkl')
