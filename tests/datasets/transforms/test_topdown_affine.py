import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmbopr.body_models import SMPL
from mmbopr.datasets import (
    BodyMeshDataset,
    MeshTopdownAffine,
)
from mmbopr.structures import J24, SPIN_49
from mmbopr.testing.dots import draw_dots, find_dot
from mmbopr.testing.people import make_people
from mmbopr.utils.camera import fit_translation
from mmbopr.utils.rotation import axis_angle_to_matrix

AFFINE = MeshTopdownAffine((224, 224))


@pytest.fixture(scope='module')
def body():
    return SMPL('open')


@pytest.fixture(scope='module')
def people(tmp_path_factory):
    folder = tmp_path_factory.mktemp('people')
    return BodyMeshDataset(make_people(folder, 4).name, data_root=str(folder))


def blank(info, **changes):
    """A sample with a black image of the annotated size."""
    img = np.zeros((*info['ori_shape'], 3), np.uint8)
    return info | dict(img=img) | changes


def turned(degrees):
    return np.full(1, degrees, np.float32)


def dotted_sample():
    """49 dots of different colours on a grid, as key points."""
    grid = np.stack(np.meshgrid(np.arange(7), np.arange(7)), -1)
    jitter = np.random.default_rng(0).uniform(-3, 3, (49, 2))
    points = grid.reshape(-1, 2) * 80 + 60 + jitter
    levels = np.stack(np.meshgrid(*[[70, 110, 160, 250]] * 3), -1)
    colours = levels.reshape(-1, 3)[:49]
    return points, colours, draw_dots(points, colours, (600, 600), 6)


POINTS, COLOURS, DOTS = dotted_sample()


@settings(max_examples=40, deadline=None)
@given(
    flip=st.booleans(),
    rotation=st.floats(-90, 90),
    side=st.floats(250, 900),
    centre=st.tuples(st.floats(150, 450), st.floats(150, 450)),
    reduction=st.sampled_from([1, 2]),
)
def test_dots_stay_under_their_key_points(
    flip, rotation, side, centre, reduction
):
    visible = np.arange(49) % 3 > 0
    img = DOTS
    if reduction == 2:
        img = DOTS.reshape(300, 2, 300, 2, 3).mean((1, 3)).astype(np.uint8)
    results = AFFINE(
        dict(
            img=img,
            img_reduction=reduction,
            ori_shape=(600, 600),
            bbox_center=np.float32([centre]),
            bbox_scale=np.full((1, 2), side, np.float32),
            bbox_rotation=turned(rotation),
            flip=flip,
            keypoints_2d=np.column_stack([POINTS, np.arange(49)]).astype('f4'),
            visible=visible,
        )
    )
    source = np.array(SPIN_49.flip_indices) if flip else np.arange(49)
    keypoints, radius = results['keypoints_2d'], 32 * 224 / side
    np.testing.assert_array_equal(keypoints[:, 2], source)
    inside = ((keypoints[:, :2] >= 0) & (keypoints[:, :2] < 224)).all(1)
    np.testing.assert_array_equal(results['visible'], visible[source] & inside)
    whole = (keypoints[:, :2] > radius) & (keypoints[:, :2] < 224 - radius)
    assume(whole.all(1).any())
    for i in np.flatnonzero(whole.all(1)):
        found, colour = find_dot(results['img'], keypoints[i, :2], radius)
        assert np.abs(found - keypoints[i, :2]).max() < 0.1
        expected = COLOURS[source[i]] / COLOURS[source[i]].max()
        np.testing.assert_allclose(colour, expected, atol=0.05)


@settings(max_examples=25, deadline=None)
@given(
    row=st.integers(0, 3),
    flip=st.booleans(),
    rotation=st.floats(-180, 180),
    factor=st.floats(0.75, 1.25),
)
def test_body_agrees_with_its_key_points(
    people, body, row, flip, rotation, factor
):
    info = blank(people.get_data_info(row), flip=flip)
    info['bbox_rotation'] = turned(rotation)
    info['bbox_scale'] = info['bbox_scale'] * factor
    focal, side = info['K'][0], info['bbox_scale'][0, 0]
    results = AFFINE(info)
    pose = torch.from_numpy(results['smpl_pose'])[None]
    betas = torch.from_numpy(results['betas'])[None]
    output = body(betas, pose[:, 1:].flatten(1), pose[:, 0])

    # 3D: the joints of the new pose are the new joints.
    joints = body.joint_set(output, 'j24')[0]
    hips = [J24.names.index(f'{s}_hip_lsp') for s in ('left', 'right')]
    joints = joints - joints[hips].mean(0)
    torch.testing.assert_close(
        joints,
        torch.from_numpy(results['keypoints_3d'][:, :3]),
        atol=1e-4,
        rtol=0,
    )

    # 2D: in the camera of the crop they project onto the new key points.
    joints = body.joint_set(output, 'spin_49')
    focal = focal * 224 / side
    K = torch.tensor([[focal, focal, 112, 112]])
    keypoints = torch.from_numpy(results['keypoints_2d'])[None]
    transl, valid = fit_translation(
        joints, keypoints[..., :2], keypoints[..., 2], K
    )
    assert valid.all()
    projected = (joints + transl[:, None])[0]
    projected = projected[:, :2] / projected[:, 2:] * focal + 112
    error = projected - keypoints[0, :, :2]
    assert error.norm(dim=-1).max() < 0.05


def test_root_turns_against_the_box(people):
    info = people.get_data_info(0)
    before = axis_angle_to_matrix(torch.from_numpy(info['smpl_pose'][0]))
    after = AFFINE(blank(info, bbox_rotation=turned(40)))['smpl_pose'][0]
    turn = axis_angle_to_matrix(torch.tensor([0, 0, -40 * torch.pi / 180]))
    torch.testing.assert_close(
        axis_angle_to_matrix(torch.from_numpy(after)),
        turn @ before,
        atol=1e-5,
        rtol=0,
    )


def test_flip_by_hand(people):
    info = people.get_data_info(1)
    info['bbox_center'] = np.float32([[200, 150]])
    info['K'] = np.float32([900, 900, 230, 180])
    results = AFFINE(blank(info, flip=True))
    pose = results['smpl_pose']
    # The left elbow (18) gets the right one's (19) mirrored rotation.
    np.testing.assert_allclose(
        pose[18], info['smpl_pose'][19] * [1, -1, -1], rtol=1e-6
    )
    np.testing.assert_allclose(
        results['keypoints_3d'][5, :3],
        info['keypoints_3d'][0, :3] * [-1, 1, 1],
        atol=1e-6,
    )
    np.testing.assert_array_equal(results['betas'], info['betas'])
    # 480 px wide: the mirrored full image.
    np.testing.assert_array_equal(results['bbox_center'], [[280, 150]])
    np.testing.assert_array_equal(results['K'], [900, 900, 250, 180])
    np.testing.assert_allclose(results['transl'], info['transl'] * [-1, 1, 1])


def test_mirrored_sample_projects_into_the_mirrored_image(people, body):
    info = people.get_data_info(2)
    results = AFFINE(blank(info, flip=True))
    pose, betas, transl = (
        torch.from_numpy(results[key])[None]
        for key in ('smpl_pose', 'betas', 'transl')
    )
    output = body(betas, pose[:, 1:].flatten(1), pose[:, 0], transl)
    joints = body.joint_set(output, 'spin_49')[0].numpy()
    fx, fy, cx, cy = results['K']
    pixels = joints[:, :2] / joints[:, 2:] * [fx, fy] + [cx, cy]
    low = results['bbox_center'] - results['bbox_scale'] / 2
    crop = (pixels - low) * 224 / results['bbox_scale']
    np.testing.assert_allclose(crop, results['keypoints_2d'][:, :2], atol=0.05)


def test_translation_is_unknown_once_turned(people):
    info = people.get_data_info(0)
    results = AFFINE(blank(info, bbox_rotation=turned(10)))
    assert np.isnan(results['transl']).all()
    np.testing.assert_array_equal(
        AFFINE(blank(info))['transl'], info['transl']
    )


def test_flipping_twice_changes_nothing(people):
    rng = np.random.default_rng(0)
    img = rng.integers(0, 256, (224, 224, 3), np.uint8)
    info = people.get_data_info(3) | dict(
        ori_shape=(224, 224),
        bbox_center=np.full((1, 2), 112, np.float32),
        bbox_scale=np.full((1, 2), 224, np.float32),
        flip=True,
    )
    once = AFFINE(info | dict(img=img))
    np.testing.assert_array_equal(once['img'], img[:, ::-1])
    assert np.abs(once['keypoints_3d'] - info['keypoints_3d']).max() > 0.1
    twice = AFFINE(dict(once))
    np.testing.assert_array_equal(twice['img'], img)
    for key in ('keypoints_2d', 'keypoints_3d', 'smpl_pose', 'K', 'transl'):
        np.testing.assert_allclose(twice[key], info[key], atol=1e-4)


def test_turning_forth_and_back(people):
    info = people.get_data_info(3)
    there = AFFINE(blank(info, bbox_rotation=turned(50)))
    there['bbox_center'] = np.full((1, 2), 112, np.float32)
    there['bbox_scale'] = np.full((1, 2), 224, np.float32)
    back = AFFINE(there | dict(bbox_rotation=turned(-50)))
    straight = AFFINE(blank(info))
    for key in ('keypoints_2d', 'keypoints_3d', 'smpl_pose'):
        np.testing.assert_allclose(back[key], straight[key], atol=1e-3)


def test_unlabelled_image():
    img = np.zeros((50, 60, 3), np.uint8)
    results = AFFINE(
        dict(
            img=img,
            bbox_center=np.float32([[30, 25]]),
            bbox_scale=np.float32([[20, 40]]),
        )
    )
    assert results['img'].shape == (224, 224, 3)
    assert results['flip'] is False
    assert results['ori_shape'] == (50, 60)
    # The crop shows 40 x 40 px.
    np.testing.assert_array_equal(results['bbox_scale'], [[40, 40]])


def test_repr():
    assert repr(AFFINE) == 'MeshTopdownAffine(input_size=(224, 224))'
