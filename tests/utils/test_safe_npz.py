import numpy as np
import pytest

from mmbopr.utils.safe_load import UnsafePickleError
from mmbopr.utils.safe_npz import safe_load_npz


@pytest.mark.parametrize('save', [np.savez, np.savez_compressed])
def test_arrays_and_objects(tmp_path, save):
    path = tmp_path / 'a.npz'
    names = np.empty(2, object)
    names[:] = ['a', 'bc']
    save(
        path,
        floats=np.arange(6.0).reshape(2, 3),
        columns=np.asfortranarray(np.arange(6).reshape(2, 3)),
        text=np.array(['x', 'yz']),
        scalar=np.array(True),
        objects=names,
        record={'pose': np.ones((2, 3)), 'meta': {'gender': ['m', 'f']}},
        nothing=None,
    )
    found = safe_load_npz(path)
    np.testing.assert_array_equal(found['floats'], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(found['columns'], found['floats'])
    assert found['text'].tolist() == ['x', 'yz']
    assert found['scalar'].item() is True
    assert found['objects'].tolist() == ['a', 'bc']
    assert found['record']['meta'] == {'gender': ['m', 'f']}
    np.testing.assert_array_equal(found['record']['pose'], np.ones((2, 3)))
    assert found['nothing'] is None
    assert set(safe_load_npz(path, ['text', 'other'])) == {'text'}


class Evil:
    def __reduce__(self):
        return open, ('made_by_npz', 'w')


def test_code_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez('a.npz', good=np.zeros(2), bad=np.array(Evil(), object))
    with pytest.raises(UnsafePickleError, match=r'a\.npz/bad: .*\.open'):
        safe_load_npz('a.npz')
    assert not (tmp_path / 'made_by_npz').exists()
    assert safe_load_npz('a.npz', ['good'])['good'].tolist() == [0, 0]


def test_damaged_files(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, a=np.zeros(100))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match='no readable npz'):
        safe_load_npz(path)
    with pytest.raises(FileNotFoundError):
        safe_load_npz(tmp_path / 'b.npz')
