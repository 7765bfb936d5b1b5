"""The proper rotation nearest to a 3x3 matrix, for whole batches."""

import numpy as np

# Conditioning zeta below which the closed form gives way to an SVD; bodies
# are at 0.05 and above, points on a line and mirror images at 0.
_MIN_ZETA = 1e-3
# From the bound sqrt(3), Newton's method comes down on the root steadily
# until it converges quadratically: enough for every zeta above the minimum.
_NEWTON_STEPS = 16


def nearest_rotations(matrices: np.ndarray) -> np.ndarray:
    """Rotations Q, det Q = +1, that maximise trace(Q^T B) of each B.

    Closed form of FOAM (Markley, J. Astronaut. Sci. 41, 1993), several times
    as fast as a batch of SVDs: with |B| = 1 and lambda the sum of B's
    singular values, the last one signed by det B,

        Q = ((kappa + 1) B + lambda cof(B) - B B^T B) / zeta,
        kappa = (lambda^2 - 1) / 2,  zeta = kappa lambda - det B.

    Rows where it is ill-conditioned go through an SVD (Umeyama, PAMI 1991).

    Args:
        matrices: (..., 3, 3) float64.

    Returns:
        np.ndarray: (..., 3, 3) rotation matrices.
    """
    shape = matrices.shape
    matrices = matrices.reshape(-1, 3, 3)
    norm = np.sqrt(np.einsum('nij,nij->n', matrices, matrices))
    b = matrices / np.where(norm > 0, norm, 1.0)[:, None, None]
    cofactors = np.cross(b[:, [1, 2, 0]], b[:, [2, 0, 1]])
    det = np.einsum('nj,nj->n', b[:, 0], cofactors[:, 0])
    gram = b.transpose(0, 2, 1) @ b
    largest = _largest_root(det, np.einsum('nij,nij->n', gram, gram))
    kappa = (largest**2 - 1) / 2
    zeta = kappa * largest - det
    ill = (zeta < _MIN_ZETA) | (norm == 0)
    zeta[ill] = 1.0
    rotations = (
        (kappa + 1)[:, None, None] * b
        + largest[:, None, None] * cofactors
        - b @ gram
    ) / zeta[:, None, None]
    rotations[ill] = _nearest_by_svd(matrices[ill])
    return rotations.reshape(shape)


def _largest_root(det: np.ndarray, gram_square: np.ndarray) -> np.ndarray:
    """Largest root of l^4 - 2 l^2 - 8 det l + 2 |B^T B|^2 - 1, |B| = 1.

    Args:
        det: (N,) determinants of B.
        gram_square: (N,) squared Frobenius norms of B^T B.
    """
    root = np.full_like(det, np.sqrt(3))
    constant = 2 * gram_square - 1
    for _ in range(_NEWTON_STEPS):
        square = root * root
        value = (square - 2) * square - 8 * det * root + constant
        slope = 4 * root * (square - 1) - 8 * det
        # A double root has slope 0; its rows are ill-conditioned anyway.
        root -= value / np.maximum(slope, 1e-9)
    return root


def _nearest_by_svd(matrices: np.ndarray) -> np.ndarray:
    """As :func:`nearest_rotations`, at any conditioning."""
    u, _, vt = np.linalg.svd(matrices)
    # Where det = -1 a mirror image fits best: turn the axis that costs least.
    vt[:, 2] *= np.sign(np.linalg.det(u @ vt))[:, None]
    return u @ vt
