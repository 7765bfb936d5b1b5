import numpy as np
import pytest

from mmbopr.datasets import (
    BodyMeshDataset,
    LoadMeshImage,
    MeshTopdownAffine,
    PackMeshInputs,
    RandomKeypointPrompts,
)
from mmbopr.models.estimators.crop_context import crop_context
from mmbopr.structures import COCO_17, J24, SPIN_49
from mmbopr.testing.people import make_people


@pytest.fixture
def results():
    rng = np.random.default_rng(0)
    keypoints = np.column_stack([rng.uniform(0, 200, (49, 2)), np.ones(49)])
    keypoints[25 + J24.names.index('left_wrist'), 2] = 0
    visible = np.ones(49, bool)
    visible[25 + J24.names.index('nose')] = False
    return dict(keypoints_2d=keypoints, visible=visible, input_size=(200, 100))


def test_visible_joints_become_prompts(results):
    step = RandomKeypointPrompts(prob=1, drop_prob=0, noise_std=0)
    prompts = step(results)['keypoint_prompts']
    for name in ('left_elbow', 'right_ankle'):
        joint = results['keypoints_2d'][SPIN_49.names.index(f'gt_{name}')]
        row = prompts[COCO_17.names.index(name)]
        np.testing.assert_allclose(row, joint, rtol=1e-6)
    hip = results['keypoints_2d'][SPIN_49.names.index('gt_left_hip_lsp')]
    np.testing.assert_allclose(
        prompts[COCO_17.names.index('left_hip')], hip, rtol=1e-6
    )
    absent = np.flatnonzero(prompts[:, 2] == 0)
    assert [COCO_17.names[i] for i in absent] == ['nose', 'left_wrist']
    assert (prompts[prompts[:, 2] == 0] == 0).all()


def test_noise_and_forgetting_have_the_asked_size(results):
    step = RandomKeypointPrompts(prob=0.8, drop_prob=0.25, noise_std=0.02)
    exact = RandomKeypointPrompts(prob=1, drop_prob=0, noise_std=0)
    truth = exact(dict(results))['keypoint_prompts']
    np.random.seed(0)
    draws = np.stack(
        [step(dict(results))['keypoint_prompts'] for _ in range(2000)]
    )
    given = draws[..., 2] > 0
    prompted = given.any(1)
    assert prompted.mean() == pytest.approx(0.8, abs=0.03)
    assert given[prompted][:, truth[:, 2] > 0].mean() == pytest.approx(
        0.75, abs=0.02
    )
    moved = (draws - truth)[..., :2][given]
    assert moved.std() == pytest.approx(0.02 * 200, rel=0.03)


@pytest.mark.parametrize('flip', [False, True])
def test_a_detectors_prompts_are_warped_like_the_annotation(tmp_path, flip):
    make_people(tmp_path, 1)
    dataset = BodyMeshDataset('people.npz', data_root=str(tmp_path))
    info = dataset.get_data_info(0)
    exact = RandomKeypointPrompts(prob=1, drop_prob=0, noise_std=0)
    info['input_size'] = (480, 360)
    info = exact(info)
    info.update(flip=flip, bbox_rotation=np.float32([20]))
    for step in (LoadMeshImage(), MeshTopdownAffine((64, 48))):
        info = step(info)
    prompts = info['keypoint_prompts']
    expected = exact(dict(info))['keypoint_prompts']
    np.testing.assert_allclose(prompts, expected, atol=1e-3)
    packed = PackMeshInputs()(info)['data_samples'].keypoint_prompts
    np.testing.assert_allclose(
        packed[:, :2], prompts[:, :2] / [32, 24] - 1, atol=1e-5
    )
    np.testing.assert_array_equal(packed[:, 2], prompts[:, 2])


def test_a_column_of_prompts_reaches_the_model(tmp_path):
    ann_file = make_people(tmp_path, 2)
    columns = dict(np.load(ann_file))
    prompts = np.zeros((2, 17, 3))
    prompts[1, 5] = [*columns['bbox_cs'][1, :2], 0.7]  # the crop's centre
    np.savez(ann_file, **columns, keypoint_prompts=prompts)
    dataset = BodyMeshDataset(
        ann_file.name,
        data_root=str(tmp_path),
        pipeline=[
            dict(type='mmbopr.LoadMeshImage'),
            dict(type='mmbopr.MeshTopdownAffine', input_size=(64, 64)),
            dict(type='mmbopr.PackMeshInputs'),
        ],
    )
    samples = [dataset[i]['data_samples'] for i in range(2)]
    told = crop_context(samples, 'cpu').keypoint_prompts
    assert not told[0][:, 2].any() and told[1][:, 2].count_nonzero() == 1
    np.testing.assert_allclose(told[1, 5], [0, 0, 0.7], atol=1e-6)
