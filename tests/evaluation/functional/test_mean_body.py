import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from mmbopr.evaluation.functional import mean_body


def test_equals_scipy_mean_of_rotations():
    rng = np.random.default_rng(0)
    pose = rng.normal(0, 0.6, (50, 24, 3))
    betas = rng.normal(0, 1, (50, 10))
    rotmat, mean_betas = mean_body(pose, betas)
    for joint in range(24):
        expected = Rotation.from_rotvec(pose[:, joint]).mean().as_matrix()
        assert_allclose(rotmat[joint], expected, atol=1e-12)
    assert_allclose(mean_betas, betas.mean(0))


def test_mean_of_turns_about_one_axis_is_their_middle():
    pose = np.zeros((2, 24, 3))
    pose[0, 5, 2], pose[1, 5, 2] = 0.2, 1.0
    rotmat, _ = mean_body(pose, np.zeros((2, 10)))
    middle = Rotation.from_rotvec([0, 0, 0.6]).as_matrix()
    assert_allclose(rotmat[5], middle, atol=1e-12)
    assert_allclose(rotmat[4], np.eye(3), atol=1e-12)


def test_upright_root_of_a_y_down_camera():
    """Turns of pi and -pi about x are one rotation, not opposite ones."""
    pose = np.zeros((2, 24, 3))
    pose[:, 0, 0] = [np.pi - 0.01, -np.pi + 0.01]
    rotmat, _ = mean_body(pose, np.zeros((2, 10)))
    assert_allclose(rotmat[0], np.diag([1, -1, -1]), atol=1e-12)


def test_rotations_that_cancel_have_no_mean():
    pose = np.zeros((2, 24, 3))
    pose[1, 7, 2] = np.pi
    with pytest.raises(ValueError, match=r'joints \[7\] cancel'):
        mean_body(pose, np.zeros((2, 10)))


def test_bad_input_is_refused():
    pose, betas = np.zeros((3, 24, 3)), np.zeros((3, 10))
    with pytest.raises(ValueError, match=r'pose: .*found \(24, 3\)'):
        mean_body(pose[0], betas)
    with pytest.raises(ValueError, match=r'betas: .*\(3, 10\).*\(2, 10\)'):
        mean_body(pose, betas[:2])
    pose[1, 2] = np.nan
    with pytest.raises(ValueError, match=r'pose: .* rows 1;'):
        mean_body(pose, betas)
