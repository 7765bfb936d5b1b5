import pickle

import numpy as np
import pytest
from mmengine.registry import DATASETS

from mmbopr.datasets import AnnotationError, BodyMeshDataset
from mmbopr.testing.people import random_annotations


@pytest.fixture
def columns(tmp_path):
    columns = random_annotations(10)
    columns['K'][4, 0] = np.nan
    columns['has_smpl'][2] = False
    np.savez(tmp_path / 'people.npz', **columns)
    return columns


def make(tmp_path, **kwargs):
    return BodyMeshDataset('people.npz', data_root=str(tmp_path), **kwargs)


def test_sample_equals_row(tmp_path, columns):
    dataset = make(tmp_path, data_prefix=dict(img='pictures'))
    assert len(dataset) == 10
    info = dataset.get_data_info(3)
    assert info['img_path'] == f'{tmp_path}/pictures/images/000003.jpg'
    assert info['sample_idx'] == 3
    assert info['ori_shape'] == (360, 480)
    for key, column in [
        ('keypoints_2d', 'kp2d'),
        ('keypoints_3d', 'kp3d'),
        ('smpl_pose', 'pose'),
        ('betas', 'betas'),
        ('transl', 'transl'),
        ('K', 'K'),
    ]:
        assert info[key].dtype == np.float32
        np.testing.assert_array_equal(info[key], columns[column][3])
    np.testing.assert_array_equal(info['bbox_center'], [[240, 180]])
    np.testing.assert_array_equal(info['bbox_scale'], [[300, 300]])
    np.testing.assert_array_equal(
        info['visible'], columns['kp2d'][3, :, 2] > 0
    )
    assert np.isnan(info['occlusion'])
    assert info['gender'] == columns['gender'][3]
    assert (info['seq'], info['frame'], info['person']) == ('walk', 3, 0)
    assert (info['dataset_name'], info['body_model_id']) == (
        'synthetic',
        'test-1',
    )


def test_samples_are_copies(tmp_path, columns):
    dataset = make(tmp_path)
    dataset.get_data_info(0)['smpl_pose'][:] = 7
    np.testing.assert_array_equal(
        dataset.get_data_info(0)['smpl_pose'], columns['pose'][0]
    )


def test_optional_columns(tmp_path, columns):
    columns['occlusion'] = np.linspace(0, 0.9, 10).astype(np.float32)
    columns['visible'] = np.arange(490).reshape(10, 49) % 3 == 0
    columns['keypoint_prompts'] = np.random.rand(10, 17, 3)
    assert 'keypoint_prompts' not in make(tmp_path).get_data_info(5)
    np.savez(tmp_path / 'people.npz', **columns)
    info = make(tmp_path).get_data_info(5)
    assert info['occlusion'] == pytest.approx(0.5)
    np.testing.assert_array_equal(info['visible'], columns['visible'][5])
    assert info['keypoint_prompts'].dtype == np.float32
    np.testing.assert_allclose(
        info['keypoint_prompts'], columns['keypoint_prompts'][5], rtol=1e-6
    )


def test_what_is_not_labelled_is_zero(tmp_path, columns):
    columns['has_smpl'][1] = columns['has_kp2d'][1] = False
    for key in ('pose', 'betas', 'kp2d'):
        columns[key][1] = np.nan
    np.savez(tmp_path / 'people.npz', **columns)
    info = make(tmp_path).get_data_info(1)
    for key in ('smpl_pose', 'betas', 'keypoints_2d'):
        assert info[key].dtype == np.float32
        assert not info[key].any()
    assert not info['visible'].any()
    np.testing.assert_array_equal(info['keypoints_3d'], columns['kp3d'][1])


def test_unknown_intrinsics_are_none(tmp_path, columns):
    assert make(tmp_path).get_data_info(4)['K'] is None


def test_segmentation_needs_a_body_and_the_gate(tmp_path, columns):
    gated = make(tmp_path, supervise_segmentation=False)
    for idx, expected in [(1, True), (2, False)]:
        info = make(tmp_path).get_data_info(idx)
        assert info['has_smpl'] is info['has_segmentation'] is expected
        info = gated.get_data_info(idx)
        assert info['has_smpl'] is expected
        assert info['has_segmentation'] is False


def test_metainfo(tmp_path, columns):
    meta = make(tmp_path).metainfo
    assert meta == dict(
        body_model_id='test-1', dataset_name='synthetic', split='people'
    )
    given = dict(dataset_name='mine', split='val')
    meta = make(tmp_path, metainfo=given).metainfo
    assert (meta['dataset_name'], meta['split']) == ('mine', 'val')


@pytest.mark.parametrize(
    ('indices', 'rows'),
    [
        (3, [0, 1, 2]),
        (-2, [8, 9]),
        ([7, 1, -1], [7, 1, 9]),
        (np.array([4, 4]), [4, 4]),
    ],
)
def test_subsets(tmp_path, columns, indices, rows):
    whole = make(tmp_path)
    in_place = make(tmp_path)
    in_place.get_subset_(indices)
    for subset in (
        make(tmp_path, indices=indices),
        whole.get_subset(indices),
        in_place,
    ):
        assert len(subset) == len(rows)
        frames = [subset.get_data_info(i)['frame'] for i in range(len(rows))]
        assert frames == rows
        assert subset.get_data_info(-1)['sample_idx'] == len(rows) - 1
        assert subset.metainfo == whole.metainfo
    assert len(whole) == 10
    subset = whole.get_subset(indices)
    assert np.shares_memory(
        subset.annotations.columns['pose'], whole.annotations.columns['pose']
    )


def test_subsets_do_not_mix_up_objects(tmp_path, columns):
    # MMEngine's own copy remembers ids from one call to the next.
    for _ in range(50):
        subset = make(tmp_path).get_subset([3])
        assert subset.get_data_info(0)['frame'] == 3


def test_pickled_dataset_is_small_and_works(tmp_path, columns):
    dataset = make(tmp_path)
    pickled = pickle.dumps(dataset)
    assert len(pickled) < 3000
    np.testing.assert_array_equal(
        pickle.loads(pickled).get_data_info(6)['betas'], columns['betas'][6]
    )


def test_lazy_init(tmp_path, columns):
    dataset = make(tmp_path, lazy_init=True)
    assert not hasattr(dataset, 'annotations')
    assert dataset.get_data_info(2)['frame'] == 2
    assert len(dataset) == 10
    with pytest.raises(AnnotationError, match='no such annotation file'):
        len(BodyMeshDataset(str(tmp_path / 'none.npz'), lazy_init=True))


def test_other_body_model(tmp_path, columns):
    make(tmp_path, body_model_id='test-1')
    with pytest.raises(AnnotationError) as info:
        make(tmp_path, body_model_id='open-1')
    message = str(info.value)
    assert str(tmp_path / 'people.npz') in message
    assert "'test-1'" in message
    assert "'open-1' is expected" in message
    assert 'convert' in message


def test_skipped_rows_draw_another(tmp_path, columns):
    def odd_only(info):
        return info['frame'] if info['frame'] % 2 else None

    dataset = make(tmp_path, pipeline=[odd_only])
    assert dataset[3] == 3
    assert dataset[4] % 2 == 1
    dataset = make(tmp_path, pipeline=[odd_only], test_mode=True)
    with pytest.raises(Exception, match='None'):
        dataset[4]


def test_built_from_any_scope(tmp_path, columns):
    dataset = DATASETS.build(
        dict(
            type='mmbopr.BodyMeshDataset',
            ann_file='people.npz',
            data_root=str(tmp_path),
        )
    )
    assert type(dataset) is BodyMeshDataset
