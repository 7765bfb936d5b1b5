import copy
import pickle
import time

import numpy as np
import pytest

from mmbopr.datasets import AnnotationError, AnnotationFile
from mmbopr.testing.people import random_annotations


def write(tmp_path, columns, save=np.savez):
    path = tmp_path / 'people.npz'
    save(path, **columns)
    return path


def error_of(path) -> str:
    with pytest.raises(AnnotationError) as info:
        AnnotationFile(path)
    assert str(path) in str(info.value)
    return str(info.value)


def test_columns_equal_what_was_written(tmp_path):
    columns = random_annotations(7)
    file = AnnotationFile(write(tmp_path, columns))
    assert len(file) == 7
    assert file.body_model_id == 'test-1'
    assert file.dataset_name == 'synthetic'
    for key, column in file.columns.items():
        np.testing.assert_array_equal(column, columns[key])
    columns['dataset'] = np.array(['b', 'a', 'b', 'b', 'a', 'c', 'a'])
    file = AnnotationFile(write(tmp_path, columns))
    assert file.dataset_name == 'a+b+c'


def test_copies_share_memory_and_pickles_stay_small(tmp_path):
    file = AnnotationFile(write(tmp_path, random_annotations(1000)))
    twin = copy.deepcopy(file)
    assert np.shares_memory(twin.columns['pose'], file.columns['pose'])
    pickled = pickle.dumps(file)
    assert len(pickled) < 1000
    np.testing.assert_array_equal(
        pickle.loads(pickled).columns['pose'], file.columns['pose']
    )


@pytest.mark.slow
def test_292_000_rows_open_in_under_a_second(tmp_path):
    few = random_annotations(1000)
    columns = {
        key: np.tile(value, (292, *[1] * (value.ndim - 1)))
        if value.ndim
        else value
        for key, value in few.items()
    }
    path = write(tmp_path, columns)
    start = time.perf_counter()
    file = AnnotationFile(path)
    assert time.perf_counter() - start < 1
    path.unlink()  # 440 MB
    assert len(file) == 292_000
    assert all(not c.flags.owndata for c in file.columns.values())


def test_missing_file_says_how_to_make_one(tmp_path):
    message = error_of(tmp_path / 'none.npz')
    assert 'no such annotation file' in message
    assert 'make_open_people' in message


def test_damaged_file(tmp_path):
    path = tmp_path / 'people.npz'
    path.write_bytes(b'PK\x03\x04 cut')
    assert 'cut off' in error_of(path)


def test_missing_keys(tmp_path):
    columns = random_annotations(3)
    del columns['kp2d'], columns['format']
    assert "missing keys ['format', 'kp2d']" in error_of(
        write(tmp_path, columns)
    )


def test_other_format(tmp_path):
    columns = random_annotations(3) | dict(format=np.array('mmbopr-9'))
    message = error_of(write(tmp_path, columns))
    assert "expected format 'mmbopr-1', found 'mmbopr-9'" in message


@pytest.mark.parametrize(
    ('key', 'value', 'expected'),
    [
        ('pose', np.zeros((3, 72), np.float32), 'float of shape (3, 24, 3)'),
        ('pose', np.zeros((2, 24, 3), np.float32), '(3, 24, 3)'),
        ('has_smpl', np.ones(3), "'has_smpl' must be bool"),
        ('seq', np.zeros(3), "'seq' must be str or int"),
        ('visible', np.ones((3, 24), bool), "'visible' must be bool"),
        ('img_path', np.array('a.jpg'), "'img_path' must be str"),
    ],
)
def test_wrong_columns(tmp_path, key, value, expected):
    message = error_of(write(tmp_path, random_annotations(3) | {key: value}))
    assert expected in message
    assert f'found {value.dtype} of shape {value.shape}' in message


def test_empty_dataset(tmp_path):
    assert 'holds no rows' in error_of(write(tmp_path, random_annotations(0)))


@pytest.mark.parametrize(
    ('key', 'flag'),
    [
        ('pose', 'has_smpl'),
        ('betas', 'has_smpl'),
        ('kp3d', 'has_kp3d'),
        ('kp2d', 'has_kp2d'),
    ],
)
@pytest.mark.parametrize('bad', [np.nan, np.inf])
def test_numbers_must_be_finite_where_flagged(tmp_path, key, flag, bad):
    columns = random_annotations(20)
    columns[key][[2, 5, 6, 8, 11, 13, 17], -1] = bad
    message = error_of(write(tmp_path, columns))
    assert f'{key!r} is not finite although {flag!r} is set' in message
    assert 'in 7 of 20 rows (rows 2, 5, 6, 8, 11, ...)' in message
    assert 'repair' in message
    columns['has_smpl'][:] = columns[flag][:] = False
    AnnotationFile(write(tmp_path, columns))


@pytest.mark.parametrize(
    ('box', 'expected'),
    [
        ((240, 180, 0), 'side that is not positive'),
        ((240, 180, np.nan), 'side that is not positive'),
        ((-151, 180, 300), 'outside the image'),
        ((240, 511, 300), 'outside the image'),
        ((np.nan, 180, 300), 'outside the image'),
    ],
)
def test_bad_boxes(tmp_path, box, expected):
    columns = random_annotations(5)
    columns['bbox_cs'][3] = box
    message = error_of(write(tmp_path, columns))
    assert expected in message
    assert 'in 1 of 5 rows (rows 3)' in message


def test_boxes_that_touch_the_image_are_fine(tmp_path):
    columns = random_annotations(2)
    columns['bbox_cs'][0] = -149, 180, 300
    AnnotationFile(write(tmp_path, columns))


def test_unknown_gender(tmp_path):
    columns = random_annotations(5)
    columns['gender'][4] = 3
    assert 'not one of 0..2' in error_of(write(tmp_path, columns))


@pytest.mark.parametrize('bad', [(3, 0, np.nan), (3, 1, np.inf), (3, 2, -1)])
def test_bad_prompts(tmp_path, bad):
    columns = random_annotations(5)
    prompts = np.ones((5, 17, 3), np.float32)
    prompts[1, 4] = np.nan, np.nan, 0  # not given
    columns['keypoint_prompts'] = prompts
    AnnotationFile(write(tmp_path, columns))
    row, axis, value = bad
    prompts[row, 8, axis] = value
    message = error_of(write(tmp_path, columns))
    assert "'keypoint_prompts' has points" in message
    assert 'in 1 of 5 rows (rows 3)' in message
