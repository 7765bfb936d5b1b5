import numpy as np
import pytest

from mmbopr.datasets.annotations import REQUIRED_COLUMNS
from mmbopr.datasets.converters import Rows


def test_what_is_dropped_is_counted():
    rows = Rows(a=np.arange(6), b=np.arange(12).reshape(6, 2))
    rows.drop(rows['a'] % 2 == 1, 'odd')
    rows.drop(rows['a'] == 9, 'never')
    rows.drop(rows['a'] == 4, 'four')
    assert rows['a'].tolist() == [0, 2]
    assert rows['b'].tolist() == [[0, 1], [4, 5]]
    assert rows.num_read == 6
    assert rows.dropped == {'odd': 3, 'four': 1}


def test_rows_that_are_no_numbers_are_dropped():
    pose = np.zeros((4, 2, 3))
    pose[1, 1, 2], pose[3, 0, 0] = np.nan, np.inf
    rows = Rows(pose=pose, betas=np.zeros((4, 1)))
    rows.drop_not_numbers('body parameters', 'betas', 'pose', 'kp3d')
    assert len(rows) == 2
    assert rows.dropped == {'body parameters no numbers': 2}


def test_joined_rows_keep_the_counts():
    parts = [Rows(a=np.arange(n)) for n in (3, 2, 4)]
    for part in parts:
        part.drop(part['a'] == 0, 'zero')
    parts[2].drop(parts[2]['a'] == 3, 'three')
    rows = Rows.join(parts)
    assert rows['a'].tolist() == [1, 2, 1, 1, 2]
    assert rows.num_read == 9
    assert rows.dropped == {'zero': 3, 'three': 1}
    assert len(Rows.join([])) == 0


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"'b' has shape \(2,\), there are 3"):
        Rows(a=np.arange(3), b=np.arange(2))


def test_unknown_columns_are_marked():
    columns = Rows(
        img_path=['a.jpg', 'b.jpg'],
        pose=np.ones((2, 24, 3)),
        betas=np.ones((2, 10)),
        kp2d=np.ones((2, 49, 3)),
        has_kp2d=[True, False],
        seq=['x', 'y'],
    ).complete()
    assert set(columns) == set(REQUIRED_COLUMNS)
    for key, (kinds, shape) in REQUIRED_COLUMNS.items():
        assert columns[key].shape == (2, *shape), key
        assert columns[key].dtype.kind in kinds, key
    assert columns['pose'].dtype == np.float32
    assert np.isnan(columns['transl']).all() and np.isnan(columns['K']).all()
    assert columns['gender'].tolist() == [2, 2]
    assert columns['has_smpl'].all() and not columns['has_kp3d'].any()
    assert columns['has_kp2d'].tolist() == [True, False]
    assert columns['seq'].tolist() == ['x', 'y']
    assert columns['frame'].tolist() == [0, 0]


def test_optional_columns_stay_where_they_are():
    columns = Rows(img_path=['a'], kid=[1], split=['train']).complete()
    assert columns['kid'].tolist() == [True]
    assert columns['split'].tolist() == ['train']
    assert 'visible' not in columns
