"""SMPL's pose correctives over a clip, as a few morph targets."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL

from .axes import Axes
from .motion import Motion


class Correctives(NamedTuple):
    """Pose correctives of a clip as morph targets.

    The body at rest is displaced by ``base + weights @ targets``. Weights
    run from 0 to 1, since Blender and Unity clamp them to that.

    Attributes:
        base: (V, 3) displacements in metres, in the file's axes.
        targets: (K, V, 3), likewise.
        weights: (T, K) of the targets in each frame.
        rest_weights: (K,) with which there is no displacement.
        residual: Root mean square of what is left out, in metres a vertex
            and frame.
    """

    base: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    rest_weights: np.ndarray
    residual: float


def find_correctives(
    motion: Motion, body_model: SMPL, axes: Axes, most: int
) -> Correctives:
    """Principal components of a clip's pose correctives.

    SMPL displaces the body at rest by P^T f, where f are the 207 entries of
    R - I of the joints below the pelvis (Loper et al. 2015, eq. 9).

    Args:
        motion: T frames.
        body_model: With V vertices.
        axes: Of the motion.
        most: Most targets wanted.
    """
    # R - I in SMPL's own frame.
    rotvecs = motion.rotations[:, 1:] @ axes.from_y_up
    rotmats = Rotation.from_rotvec(rotvecs.reshape(-1, 3)).as_matrix()
    features = (rotmats - np.eye(3)).reshape(len(rotvecs), -1)
    posedirs = body_model.blend_matrix[-features.shape[1] :].double().cpu()
    # With P = L Q, Q's rows orthonormal, the SVD of f L is that of f P.
    basis, triangle = np.linalg.qr(posedirs.numpy().T)
    u, strength, directions = np.linalg.svd(
        features @ triangle.T, full_matrices=False
    )
    kept, left_out = strength[:most], strength[most:]
    targets = (directions[: len(kept)] @ basis.T).reshape(
        len(kept), 3, body_model.num_vertices
    )
    targets = targets.swapaxes(1, 2) @ axes.from_y_up.T
    weights = u[:, : len(kept)] * kept
    low, high = weights.min(0).clip(max=0), weights.max(0).clip(min=0)
    span = np.where(high > low, high - low, 1)
    return Correctives(
        base=np.tensordot(low, targets, 1),
        targets=span[:, None, None] * targets,
        weights=(weights - low) / span,
        rest_weights=-low / span,
        residual=float(
            np.sqrt(
                (left_out**2).sum() / len(features) / body_model.num_vertices
            )
        ),
    )
