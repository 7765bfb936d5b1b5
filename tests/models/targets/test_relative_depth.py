"""RD: canonical values, invariances, mirror, degenerate torsos."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmbopr.models.targets import part_centres, relative_depth, torso_axes
from mmbopr.structures import SMPL_24
from mmbopr.utils.rotation import axis_angle_to_matrix

FLIP = list(SMPL_24.flip_indices)


def pose(body, seed, n=3):
    generator = torch.Generator().manual_seed(seed)
    aa = 0.4 * torch.randn(n, 72, generator=generator)
    betas = torch.randn(n, 10, generator=generator)
    return body.neutral(betas, aa[:, 3:], aa[:, :3])


def test_axes_of_the_rest_pose(body):
    rest = body.neutral(torch.zeros(1, 10))
    axes, valid = torso_axes(rest.joints[:, :24])
    # SMPL's canonical frame: x left, y up, z front; the spine leans a little.
    np.testing.assert_allclose(
        axes[0], [[0, 0, 1], [1, 0, 0], [0, 1, 0]], atol=0.1
    )
    assert valid.all()
    # The body is symmetric, so left is exactly x.
    np.testing.assert_allclose(axes[0, 1], [1, 0, 0], atol=1e-5)


def test_signs_at_rest(body):
    rest = body.neutral(torch.zeros(1, 10))
    centres = part_centres(rest.vertices, body.part_labels)
    depth, _ = relative_depth(rest.joints[:, :24], centres)
    part = {name: i for i, name in enumerate(SMPL_24.names)}
    assert depth[0, part['left_foot'], 0] > 0.05  # toes point to the front
    assert depth[0, part['left_hand'], 1] > 0.5
    assert depth[0, part['right_hand'], 1] < -0.5
    assert depth[0, part['head'], 2] > 0.4
    assert depth[0, part['left_foot'], 2] < -0.7


def test_columns_by_hand():
    joints = torch.zeros(1, 24, 3)
    index = {name: i for i, name in enumerate(SMPL_24.names)}
    joints[0, index['left_shoulder']] = torch.tensor([0.2, 0.5, 0])
    joints[0, index['right_shoulder']] = torch.tensor([-0.2, 0.5, 0])
    joints[0, index['left_hip']] = torch.tensor([0.1, 0, 0])
    joints[0, index['right_hip']] = torch.tensor([-0.1, 0, 0])
    points = torch.zeros(1, 24, 3)
    points[0, 5] = torch.tensor([0.3, -0.4, 0.7])
    depth, valid = relative_depth(joints, points)
    assert valid.all()
    np.testing.assert_allclose(depth[0, 5], [0.7, 0.3, -0.4], atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 1000),
    st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    st.lists(st.floats(-5, 5), min_size=3, max_size=3),
)
def test_invariant_to_rigid_motion(seed, rotation, shift):
    generator = torch.Generator().manual_seed(seed)
    joints = torch.randn(2, 24, 3, generator=generator).double()
    points = torch.randn(2, 24, 3, generator=generator).double()
    R = axis_angle_to_matrix(torch.tensor(rotation).double())
    shift = torch.tensor(shift).double()
    moved = relative_depth(joints @ R.T + shift, points @ R.T + shift)[0]
    np.testing.assert_allclose(
        moved, relative_depth(joints, points)[0], atol=1e-6
    )


def test_a_mirrored_body_permutes_parts_and_negates_the_side(body):
    posed = pose(body, 1)
    joints = posed.joints[:, :24]
    centres = part_centres(posed.vertices, body.part_labels)
    mirror = torch.tensor([-1.0, 1, 1])
    flipped = relative_depth(
        joints[:, FLIP] * mirror, centres[:, FLIP] * mirror
    )[0]
    expected = relative_depth(joints, centres)[0][:, FLIP]
    np.testing.assert_allclose(
        flipped, expected * torch.tensor([1.0, -1, 1]), atol=1e-5
    )


def test_degenerate_torsos_are_marked():
    joints = torch.zeros(2, 24, 3)
    joints[1, :, 1] = torch.arange(24.0)  # all on one line
    depth, valid = relative_depth(joints, torch.zeros(2, 24, 3))
    assert not valid.any()
    assert torch.isfinite(depth).all()


def test_part_centres_are_means(body):
    vertices = pose(body, 2).vertices
    centres = part_centres(vertices, body.part_labels)
    for k in (0, 7, 23):
        expected = vertices[:, body.part_labels == k].mean(1)
        np.testing.assert_allclose(centres[:, k], expected, atol=1e-5)
