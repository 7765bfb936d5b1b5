"""Cameras: hand-worked points, and fits that recover what was projected."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmbopr.utils.camera import (
    crop_camera_to_translation,
    crop_intrinsics,
    fit_translation,
    full_image_camera,
    perspective_project,
    project_to_crop,
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


def test_a_metre_at_the_root_spans_s_half_crops():
    cam = torch.tensor([[0.8, 0.0, 0.0]])
    points = torch.tensor([[[0.5, 0.25, 0.0]]])
    np.testing.assert_allclose(
        project_to_crop(points, cam), [[[0.4, 0.2]]], atol=1e-6
    )


@pytest.mark.parametrize('size', [56, 128, 224])
def test_crop_intrinsics_agree_with_normalised_projection(size):
    generator = torch.manual_seed(0)
    points = torch.randn(3, 10, 3, generator=generator) * 0.5
    cam = torch.tensor([[0.9, 0.1, 0.0], [0.5, 0, 0.2], [1.2, -0.1, 0.1]])
    placed = points + crop_camera_to_translation(cam)[:, None]
    pixels = perspective_project(placed, crop_intrinsics(3, size))
    np.testing.assert_allclose(
        pixels / (size / 2) - 1, project_to_crop(points, cam), atol=1e-4
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


def test_full_image_camera_projects_where_the_crop_does():
    # At a long focal length both cameras are orthographic in effect.
    cam = torch.tensor([[0.9, 0.05, -0.1]])
    bbox = torch.tensor([[700.0, 300.0, 400.0]])
    K = torch.tensor([[50000.0, 50000, 512, 256]])
    points = torch.randn(1, 8, 3, generator=torch.manual_seed(2)) * 0.3
    transl, used = full_image_camera(cam, bbox, torch.tensor([[512, 1024]]), K)
    pixels = perspective_project(points + transl[:, None], used)
    crop = project_to_crop(points, cam)
    expected = bbox[:, None, :2] + crop * bbox[:, None, 2:] / 2
    np.testing.assert_allclose(pixels, expected, atol=1.5)
    np.testing.assert_allclose(used, K)


def test_unknown_intrinsics_get_the_image_diagonal():
    nan = torch.full((1, 4), float('nan'))
    _, used = full_image_camera(
        torch.tensor([[1.0, 0, 0]]),
        torch.tensor([[50.0, 50, 100]]),
        torch.tensor([[300, 400]]),
        nan,
    )
    assert used.tolist() == [[500.0, 500.0, 200.0, 150.0]]
