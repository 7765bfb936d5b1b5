import zipfile

import numpy as np
import pytest

from mmbopr.utils.safe_load import UnsafePickleError
from mmbopr.utils.safe_npz import load_plain_npz, safe_load_npz


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
        dates=np.array(['2020-02-29'], 'datetime64[D]'),
        empty=np.empty((0, 3), np.float32),
        long=np.arange(5_000_000),  # more than one piece
        scalar=np.array(True),
        objects=names,
        record={'pose': np.ones((2, 3)), 'meta': {'gender': ['m', 'f']}},
        nothing=None,
    )
    found = safe_load_npz(path)
    np.testing.assert_array_equal(found['floats'], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(found['columns'], found['floats'])
    assert found['text'].tolist() == ['x', 'yz']
    assert str(found['dates'][0]) == '2020-02-29'
    assert found['empty'].shape == (0, 3)
    np.testing.assert_array_equal(found['long'], np.arange(5_000_000))
    found['long'][0] = 1  # writable
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


def test_other_zip_files(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, a=np.zeros(2))
    with zipfile.ZipFile(path, 'a') as archive:
        archive.writestr('notes.txt', 'of a person')
    with pytest.raises(ValueError, match=r'a\.npz is no readable npz'):
        safe_load_npz(path)
    with pytest.raises(ValueError, match='magic string'):
        load_plain_npz(path)
    for load in (safe_load_npz, load_plain_npz):
        assert load(path, ['a'])['a'].tolist() == [0, 0]


def test_plain_files_hold_no_objects(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, good=np.zeros(2), bad=np.array([{}]))
    with pytest.raises(ValueError, match='bad holds pickled objects'):
        load_plain_npz(path)
    assert load_plain_npz(path, ['good', 'none']).keys() == {'good'}
    with pytest.raises(FileNotFoundError):
        load_plain_npz(tmp_path / 'b.npz')


@pytest.mark.parametrize('save', [np.savez, np.savez_compressed])
@pytest.mark.parametrize('load', [safe_load_npz, load_plain_npz])
def test_a_changed_byte_is_noticed_or_harmless(tmp_path, save, load):
    truth = dict(
        numbers=np.random.default_rng(0).random((3, 4)),
        names=np.array(['ab', 'c']),
    )
    path = tmp_path / 'a.npz'
    save(path, **truth)
    content = path.read_bytes()
    noticed = 0
    masks = np.random.default_rng(1).integers(1, 256, len(content))
    for place, mask in enumerate(masks.tolist()):
        spoiled = bytearray(content)
        spoiled[place] ^= mask
        path.write_bytes(spoiled)
        try:
            found = load(path)
        except ValueError:
            noticed += 1
            continue
        # A directory with a wrong length loses what it passes over.
        assert found.keys() <= truth.keys()
        for key, array in found.items():
            np.testing.assert_array_equal(array, truth[key])
    assert noticed > len(content) / 2
