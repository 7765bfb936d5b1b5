"""Rotations against scipy, and their mirror images."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from mmbopr.utils.rotation import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    invert_quaternion,
    matrix_to_axis_angle,
    matrix_to_rot6d,
    multiply_quaternions,
    quaternion_to_axis_angle,
    rot6d_to_matrix,
)

vectors = st.lists(
    st.floats(-3.1, 3.1, allow_subnormal=False), min_size=3, max_size=3
)


@given(vectors)
def test_axis_angle_equals_scipy(vector):
    ours = axis_angle_to_matrix(torch.tensor(vector, dtype=torch.float64))
    scipy = Rotation.from_rotvec(vector).as_matrix()
    np.testing.assert_allclose(ours, scipy, atol=1e-9)


@given(vectors)
def test_axis_angle_round_trip(vector):
    matrix = Rotation.from_rotvec(vector).as_matrix()
    back = matrix_to_axis_angle(torch.tensor(matrix))
    np.testing.assert_allclose(
        back, Rotation.from_matrix(matrix).as_rotvec(), atol=1e-6
    )


@pytest.mark.parametrize('axis', range(3))
def test_half_turns_are_recovered(axis):
    vector = torch.zeros(3, dtype=torch.float64)
    vector[axis] = np.pi
    back = matrix_to_axis_angle(axis_angle_to_matrix(vector))
    np.testing.assert_allclose(back.abs(), vector, atol=1e-6)


def test_gradients_are_right_at_and_off_the_identity():
    vector = torch.tensor([[0.0, 0, 0], [0.3, -1.2, 0.4]]).double()
    vector.requires_grad_()
    assert torch.autograd.gradcheck(axis_angle_to_matrix, vector)


def test_rot6d_layout_is_interleaved_columns():
    identity = rot6d_to_matrix(torch.tensor([1.0, 0, 0, 1, 0, 0]))
    assert torch.equal(identity, torch.eye(3))
    matrix = torch.arange(9.0).view(3, 3)
    assert matrix_to_rot6d(matrix).tolist() == [0, 1, 3, 4, 6, 7]


@given(vectors)
def test_rot6d_round_trip(vector):
    matrix = torch.tensor(Rotation.from_rotvec(vector).as_matrix())
    back = rot6d_to_matrix(matrix_to_rot6d(matrix))
    np.testing.assert_allclose(back, matrix, atol=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 2**31))
def test_any_6d_vector_gives_a_rotation(seed):
    rot6d = torch.randn(5, 6, generator=torch.manual_seed(seed)).double()
    matrix = rot6d_to_matrix(rot6d)
    eye = torch.eye(3, dtype=torch.float64).expand(5, 3, 3)
    np.testing.assert_allclose(matrix @ matrix.mT, eye, atol=1e-9)
    np.testing.assert_allclose(torch.linalg.det(matrix), 1.0, atol=1e-9)


def test_a_turn_about_z_takes_x_to_y():
    matrix = axis_angle_to_matrix(torch.tensor([0, 0, np.pi / 2]))
    turned = matrix @ torch.tensor([1.0, 0, 0], dtype=matrix.dtype)
    np.testing.assert_allclose(turned, [0, 1, 0], atol=1e-6)


@given(vectors)
def test_quaternions_equal_scipy(vector):
    ours = axis_angle_to_quaternion(torch.tensor(vector, dtype=torch.float64))
    x, y, z, w = Rotation.from_rotvec(vector).as_quat()
    sign = np.sign(ours[0] * w) or 1
    np.testing.assert_allclose(sign * ours, [w, x, y, z], atol=1e-9)


@given(vectors)
def test_both_signs_of_a_quaternion_are_one_rotation(vector):
    quaternion = axis_angle_to_quaternion(
        torch.tensor(vector, dtype=torch.float64)
    )
    expected = Rotation.from_rotvec(vector).as_matrix()
    for sign in (-1, 1):
        back = quaternion_to_axis_angle(sign * quaternion)
        assert back.norm() <= np.pi + 1e-9
        back = Rotation.from_rotvec(back.numpy()).as_matrix()
        np.testing.assert_allclose(back, expected, atol=1e-6)


@given(vectors, vectors)
def test_products_of_quaternions_equal_scipy(first, second):
    ours = multiply_quaternions(
        axis_angle_to_quaternion(torch.tensor(first, dtype=torch.float64)),
        invert_quaternion(
            axis_angle_to_quaternion(torch.tensor(second, dtype=torch.float64))
        ),
    )
    scipy = Rotation.from_rotvec(first) * Rotation.from_rotvec(second).inv()
    np.testing.assert_allclose(
        axis_angle_to_matrix(quaternion_to_axis_angle(ours)),
        scipy.as_matrix(),
        atol=1e-6,
    )
