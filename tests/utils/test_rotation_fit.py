import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from mmbopr.utils.rotation_fit import nearest_rotations


def composed(singular, seed=0):
    """B = R1 diag(singular) R2 and its nearest rotation R1 R2, by rows."""
    count = len(singular)
    left = Rotation.random(count, random_state=seed).as_matrix()
    right = Rotation.random(count, random_state=seed + 1).as_matrix()
    return left * singular[:, None] @ right, left @ right


@pytest.mark.parametrize('scale', [1e-9, 1.0, 1e6])
@pytest.mark.parametrize('mirrored', [False, True])
def test_finds_the_rotation_at_any_conditioning(scale, mirrored):
    rng = np.random.default_rng(0)
    second, ratio = 10 ** rng.uniform(-4, 0, (2, 3000))
    # A mirrored third value equal to the second has no unique answer.
    third = -second * np.minimum(ratio, 0.9) if mirrored else second * ratio
    singular = np.stack([np.ones(3000), second, third], axis=1)
    matrices, rotations = composed(scale * singular)
    assert_allclose(nearest_rotations(matrices), rotations, atol=2e-9)


@pytest.mark.parametrize(
    'singular',
    [(1, 1, -1), (1, 1e-3, -1e-3), (1, 0, 0), (1, 1, 0), (0, 0, 0)],
)
def test_degenerate_matrices_still_get_a_best_rotation(singular):
    matrices, _ = composed(np.tile(np.array(singular, float), (200, 1)))
    found = nearest_rotations(matrices)
    identity = np.tile(np.eye(3), (200, 1, 1))
    assert_allclose(found @ found.transpose(0, 2, 1), identity, atol=1e-9)
    assert_allclose(np.linalg.det(found), 1, atol=1e-9)
    trace = np.einsum('nij,nij->n', found, matrices)
    assert_allclose(trace, sum(singular), atol=1e-9)


def test_any_leading_dimensions():
    matrices = np.random.default_rng(0).normal(size=(4, 3, 3))
    expected = nearest_rotations(matrices)
    found = nearest_rotations(matrices.reshape(2, 2, 3, 3))
    np.testing.assert_array_equal(found, expected.reshape(2, 2, 3, 3))
    np.testing.assert_array_equal(nearest_rotations(matrices[2]), expected[2])


def test_no_rows():
    assert nearest_rotations(np.zeros((0, 3, 3))).shape == (0, 3, 3)
