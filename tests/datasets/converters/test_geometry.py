import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from mmbopr.datasets.converters.geometry import (
    boxes_of_corners,
    hip_centred,
    intrinsics,
    move_transl,
    project,
    repair_rotations,
    square_boxes,
    turn_root,
)

seeds = st.integers(0, 2**32 - 1)


def test_boxes_follow_what_is_seen():
    points = np.array(
        [[[0, 0], [10, 40], [900, 5]], [[1, 2], [3, 4], [5, 6]]], float
    )
    seen = np.array([[True, True, False], [False, False, False]])
    boxes = square_boxes(points, seen, 1.2)
    np.testing.assert_allclose(boxes[0], [5, 20, 48])
    assert np.isnan(boxes[1]).all()
    np.testing.assert_allclose(
        boxes_of_corners(np.array([[[0, 0], [30, 10]]]), 2), [[15, 5, 60]]
    )


@given(seeds)
def test_a_moved_body_is_where_the_frame_says(seed):
    """t' with the turned root equals R (body + t) + o, vertex by vertex."""
    from mmbopr.body_models import SMPL

    rng = np.random.default_rng(seed)
    body = _body(SMPL)
    pose = rng.normal(0, 0.5, (1, 24, 3))
    betas = torch.from_numpy(rng.normal(0, 1, (1, 10))).float()
    transl, offset = rng.normal(0, 3, (2, 1, 3))
    turn = Rotation.random(1, random_state=seed % 2**31).as_matrix()

    def posed(pose):
        pose = torch.from_numpy(pose).float()
        return body(betas, pose[:, 1:].flatten(1), pose[:, 0])

    world = posed(pose)
    pelvis = world.joints[:, 0].numpy()
    expected = (world.vertices.numpy() + transl) @ turn[0].T + offset
    moved = posed(turn_root(pose, turn)).vertices.numpy()
    moved = moved + move_transl(transl, pelvis, turn, offset)
    np.testing.assert_allclose(moved, expected, atol=2e-5)


def _body(factory, cache={}):  # noqa: B006
    if not cache:
        cache['open'] = factory('open')
    return cache['open']


def test_projection_by_hand():
    K = intrinsics(np.array([[[500, 0, 320], [0, 400, 240], [0, 0, 1.0]]]))
    np.testing.assert_allclose(K, [[500, 400, 320, 240]])
    pixels = project(np.array([[[0.2, -0.5, 2.0]]]), K)
    np.testing.assert_allclose(pixels, [[[370, 140]]])


def test_joints_around_the_mid_hip():
    joints = np.random.default_rng(0).normal(size=(2, 24, 3))
    centred = hip_centred(joints)
    np.testing.assert_allclose(centred[:, 2], -centred[:, 3], atol=1e-12)
    np.testing.assert_allclose(
        centred - centred[:, :1], joints - joints[:, :1], atol=1e-12
    )


@given(seeds)
def test_repaired_rotations(seed):
    rng = np.random.default_rng(seed)
    exact = Rotation.random(4, random_state=seed % 2**31).as_matrix()
    noisy = exact + rng.normal(0, 1e-3, exact.shape)
    rotations, change = repair_rotations(noisy)
    np.testing.assert_allclose(
        rotations @ rotations.swapaxes(1, 2),
        np.tile(np.eye(3), (4, 1, 1)),
        atol=1e-9,
    )
    np.testing.assert_allclose(np.linalg.det(rotations), 1)
    np.testing.assert_allclose(rotations, exact, atol=5e-3)
    np.testing.assert_allclose(
        change, np.abs(noisy - rotations).max((1, 2)), atol=1e-12
    )


def test_a_reflection_is_not_a_rotation():
    mirror = np.diag([1.0, 1, -1])
    rotation, change = repair_rotations(mirror)
    assert np.linalg.det(rotation) > 0.99 and change > 1
