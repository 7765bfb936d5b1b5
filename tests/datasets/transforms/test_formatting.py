import numpy as np
import pytest
import torch

from mmbopr.datasets import PackMeshInputs


def crop_results():
    rng = np.random.default_rng(0)
    return dict(
        img=rng.integers(0, 256, (224, 224, 3), np.uint8),
        img_shape=(224, 224),
        img_path='a.jpg',
        sample_idx=5,
        ori_shape=(360, 480),
        input_size=(224, 224),
        bbox_center=np.float32([[240, 180]]),
        bbox_scale=np.float32([[300, 300]]),
        bbox_rotation=np.float32([12]),
        flip=True,
        keypoints_2d=np.float32([[0, 112, 0.5]] * 24 + [[224, 56, 1]] * 25),
        keypoints_3d=rng.standard_normal((24, 4), np.float32),
        smpl_pose=rng.standard_normal((24, 3), np.float32),
        betas=rng.standard_normal(10, np.float32),
        transl=np.full(3, np.nan, np.float32),
        gender=1,
        K=None,
        visible=np.arange(49) % 2 == 0,
        occlusion=np.nan,
        has_smpl=True,
        has_keypoints_3d=False,
        has_keypoints_2d=True,
        has_segmentation=False,
        dataset_name='coco',
        body_model_id='open-1',
        seq='s',
        frame=3,
        person=0,
    )


def test_packed_structure():
    results = crop_results()
    before = results['keypoints_2d'].copy()
    packed = PackMeshInputs()(results)
    assert set(packed) == {'inputs', 'data_samples'}
    inputs, sample = packed['inputs'], packed['data_samples']
    assert inputs.dtype == torch.uint8
    np.testing.assert_array_equal(
        inputs.permute(1, 2, 0).numpy(), results['img']
    )
    np.testing.assert_array_equal(results['keypoints_2d'], before)

    labels = sample.gt_instance_labels
    expected = dict(
        keypoints_2d=(torch.float32, (1, 49, 3)),
        keypoints_3d=(torch.float32, (1, 24, 4)),
        smpl_pose=(torch.float32, (1, 24, 3)),
        betas=(torch.float32, (1, 10)),
        gender=(torch.int64, (1,)),
        has_smpl=(torch.bool, (1,)),
        has_keypoints_3d=(torch.bool, (1,)),
        has_keypoints_2d=(torch.bool, (1,)),
        has_segmentation=(torch.bool, (1,)),
    )
    assert set(labels.keys()) == set(expected)
    for key, (dtype, shape) in expected.items():
        assert (labels[key].dtype, labels[key].shape) == (dtype, shape)
    assert labels.keypoints_2d[0, 0].tolist() == [-1, 0, 0.5]
    assert labels.keypoints_2d[0, -1].tolist() == [1, -0.5, 1]
    for key in ('keypoints_3d', 'smpl_pose', 'betas', 'gender', 'has_smpl'):
        np.testing.assert_array_equal(labels[key][0].numpy(), results[key])

    instances = sample.gt_instances
    assert set(instances.keys()) == {'bboxes', 'occlusion', 'visible'}
    np.testing.assert_array_equal(instances.bboxes, [[90, 30, 390, 330]])
    assert np.isnan(instances.occlusion).tolist() == [True]
    np.testing.assert_array_equal(instances.visible, [results['visible']])

    assert sample.bbox_center.tolist() == [240, 180]
    assert sample.bbox_scale.tolist() == [300, 300]
    assert sample.bbox_rotation == 12
    assert sample.flip is True
    assert sample.K is None
    meta = 'img_path sample_idx ori_shape img_shape input_size body_model_id'
    for key in (*meta.split(), 'dataset_name', 'seq', 'frame', 'person'):
        assert sample.metainfo[key] == results[key]
    assert np.isnan(sample.transl).all()


def test_batch_of_labels_concatenates():
    labels = [
        PackMeshInputs()(crop_results())['data_samples'].gt_instance_labels
        for _ in range(3)
    ]
    batch = type(labels[0]).cat(labels)
    assert batch.smpl_pose.shape == (3, 24, 3)
    assert batch.has_smpl.shape == (3,)


@pytest.mark.parametrize('key', ['bbox_scale', 'betas', 'visible', 'flip'])
def test_missing_keys_are_named(key):
    results = crop_results()
    del results[key]
    with pytest.raises(KeyError, match=f"needs \\['{key}'\\]"):
        PackMeshInputs()(results)


def test_unlabelled_image():
    keys = 'img img_shape ori_shape input_size flip'.split()
    keys += ['bbox_center', 'bbox_scale', 'bbox_rotation']
    results = {key: crop_results()[key] for key in keys}
    sample = PackMeshInputs()(results)['data_samples']
    assert list(sample.gt_instance_labels.keys()) == []
    assert sample.gt_instances.bboxes.shape == (1, 4)
    assert sample.K is None


def test_repr():
    assert repr(PackMeshInputs()) == 'PackMeshInputs()'
