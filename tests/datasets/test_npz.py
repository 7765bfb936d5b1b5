import numpy as np
import pytest

from mmbopr.datasets.npz import map_npz

ARRAYS = {
    'floats': np.arange(24, dtype=np.float32).reshape(4, 6),
    'columns_first': np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    'names': np.array(['a/b.jpg', 'é.jpg']),
    'scalar': np.array('mmbopr-1'),
    'empty': np.zeros((0, 3), np.int64),
    'big_endian': np.arange(3, dtype='>i4'),
}


@pytest.mark.parametrize('save', [np.savez, np.savez_compressed])
def test_map_npz_reads_what_was_written(tmp_path, save):
    path = tmp_path / 'a.npz'
    save(path, **ARRAYS)
    arrays = map_npz(str(path))
    assert set(arrays) == set(ARRAYS)
    for key, expected in ARRAYS.items():
        assert arrays[key].dtype == expected.dtype
        np.testing.assert_array_equal(arrays[key], expected)


def test_stored_members_are_views_of_the_file(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, **ARRAYS)
    arrays = map_npz(str(path))
    assert not arrays['floats'].flags.owndata
    assert not arrays['floats'].flags.writeable
    content = path.read_bytes().replace(
        ARRAYS['floats'].tobytes(), (ARRAYS['floats'] + 1).tobytes()
    )
    with open(path, 'r+b') as file:  # in place: the same file, mapped
        file.write(content)
    np.testing.assert_array_equal(arrays['floats'], ARRAYS['floats'] + 1)


def test_pickled_members_are_refused(tmp_path):
    for save in (np.savez, np.savez_compressed):
        path = tmp_path / 'a.npz'
        save(path, objects=np.array([{}, None], dtype=object))
        with pytest.raises(ValueError, match=r'pickle|object'):
            map_npz(str(path))


def test_a_cut_off_file_is_refused(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, **ARRAYS)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match='not a zip file'):
        map_npz(str(path))


def test_a_changed_byte_raises_nothing_but_value_errors(tmp_path):
    """Checksums of what is mapped are not compared: that would read it."""
    path = tmp_path / 'a.npz'
    np.savez(path, floats=ARRAYS['floats'], names=ARRAYS['names'])
    content = path.read_bytes()
    refused = 0
    masks = np.random.default_rng(1).integers(1, 256, len(content))
    for place, mask in enumerate(masks.tolist()):
        spoiled = bytearray(content)
        spoiled[place] ^= mask
        path.write_bytes(spoiled)
        try:
            map_npz(str(path))
        except ValueError:
            refused += 1
    assert refused > 100
