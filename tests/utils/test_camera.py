"""Cameras: hand-worked points, and fits that recover what was projected."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmbopr.utils.camera import (
    crop_camera_to_translation,
    crop_intrinsics,
    default_intrinsics,
    fit_translation,
    full_image_translation,
    perspective_project,
    to_pixels,
    virtual_intrinsics,
)


def test_projection_of_a_hand_worked_point():
    K = torch.tensor([[500.0, 400, 320, 240]])
    pixel = perspective_project(torch.tensor([[[0.2, -0.1, 2.0]]]), K)
    assert pixel.tolist() == [[[370.0, 220.0]]]


def test_crop_camera_depth():
    cam = torch.tensor([[0.9, 0.1, -0.2]])
    transl = crop_camera_to_translation(cam)[0]
    expected = [0.1, -0.2, 2 * 5000 / (224 * 0.9)]
    np.testing.assert_allclose(transl, expected, rtol=1e-6)


def test_a_metre_at_the_root_spans_s_halves_of_the_longer_side():
    transl = crop_camera_to_translation(torch.tensor([[0.8, 0.0, 0.0]]))
    points = torch.tensor([[[0.5, 0.25, 0.0]]]) + transl
    for size, expected in (
        ([7.0, 7.0], [0.4, 0.2]),
        ([192.0, 256.0], [0.4 * 256 / 192, 0.2]),
        ([300.0, 100.0], [0.4, 0.6]),
    ):
        K = virtual_intrinsics(torch.tensor([size]))
        np.testing.assert_allclose(
            perspective_project(points, K)[0, 0], expected, atol=1e-6
        )


def test_virtual_focal_length_is_spins():
    K = to_pixels(virtual_intrinsics(torch.tensor([[224.0, 224.0]])), (56, 56))
    np.testing.assert_allclose(K, [[1250, 1250, 28, 28]])


def test_a_crop_sees_what_the_full_image_sees():
    generator = torch.manual_seed(0)
    points = torch.randn(3, 10, 3, generator=generator) + torch.tensor(
        [0, 0, 8]
    )
    K = torch.tensor([[1000.0, 1100, 320, 240]]).expand(3, 4)
    bbox = torch.tensor(
        [[300.0, 200, 90, 120], [50.0, 400, 300, 200], [320, 240, 640, 480]]
    )
    seen = perspective_project(points, crop_intrinsics(K, bbox))
    pixels = perspective_project(points, K)
    expected = (pixels - bbox[:, None, :2]) / bbox[:, None, 2:] * 2
    np.testing.assert_allclose(seen, expected, atol=1e-4)
    in_crop = perspective_project(
        points, to_pixels(crop_intrinsics(K, bbox), (48, 64))
    )
    np.testing.assert_allclose(
        in_crop, (expected + 1) * torch.tensor([24, 32]), atol=2e-3
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.floats(2, 60))
def test_fit_recovers_the_translation(seed, depth):
    generator = torch.manual_seed(seed)
    joints = torch.randn(2, 24, 3, generator=generator) * 0.4
    transl = torch.randn(2, 3, generator=generator) * 0.2
    transl[:, 2] = depth
    K = torch.tensor([[1000.0, 1100, 300, 200]]).expand(2, 4)
    keypoints = perspective_project(joints + transl[:, None], K)
    fitted, valid = fit_translation(joints, keypoints, torch.ones(2, 24), K)
    assert valid.all()
    np.testing.assert_allclose(fitted, transl, rtol=2e-3, atol=2e-3)


def test_fit_ignores_joints_without_confidence():
    joints = torch.randn(1, 24, 3, generator=torch.manual_seed(3)) * 0.4
    transl = torch.tensor([[0.1, -0.2, 5.0]])
    K = torch.tensor([[1000.0, 1000, 300, 200]])
    keypoints = perspective_project(joints + transl[:, None], K)
    keypoints[:, 5:] = 1e4
    confidence = torch.zeros(1, 24)
    confidence[:, :5] = 1
    fitted, valid = fit_translation(joints, keypoints, confidence, K)
    assert valid.all()
    np.testing.assert_allclose(fitted, transl, atol=1e-3)


@pytest.mark.parametrize('case', ['no joint', 'one joint', 'behind', 'point'])
def test_impossible_fits_are_marked(case):
    joints = torch.randn(1, 24, 3, generator=torch.manual_seed(1)) * 0.4
    K = torch.tensor([[1000.0, 1000, 0, 0]])
    keypoints = perspective_project(joints + torch.tensor([0, 0, 4.0]), K)
    confidence = torch.ones(1, 24)
    if case == 'no joint':
        confidence[:] = 0
    elif case == 'one joint':
        confidence[:, 1:] = 0
    elif case == 'behind':
        keypoints = -keypoints
    else:
        keypoints[:] = 0.0
    transl, valid = fit_translation(joints, keypoints, confidence, K)
    assert not valid.any()
    assert torch.equal(transl, torch.zeros(1, 3))


@pytest.mark.parametrize('fy', [50000.0, 40000.0])
def test_the_full_image_shows_the_body_where_the_crop_does(fy):
    # At a long focal length both cameras are orthographic in effect.
    cam = torch.tensor([[0.9, 0.05, -0.1]])
    bbox = torch.tensor([[700.0, 300.0, 300.0, 400.0]])
    K = torch.tensor([[50000.0, fy, 512, 256]])
    transl = full_image_translation(cam, bbox, K)[0]
    root = perspective_project(transl[None, None], K)[0, 0]
    # tx and ty are metres, and a metre spans s = 0.9 times 200 px across.
    metre = 180 * torch.tensor([1, fy / 50000])
    expected = bbox[0, :2] + metre * cam[0, 1:]
    np.testing.assert_allclose(root, expected, atol=0.05)
    assert transl[2].item() == pytest.approx(50000 / 180, rel=1e-5)


def test_unknown_intrinsics_are_the_image_diagonal():
    K = default_intrinsics(torch.tensor([[400.0, 300.0]]))
    assert K.tolist() == [[500.0, 500.0, 200.0, 150.0]]
