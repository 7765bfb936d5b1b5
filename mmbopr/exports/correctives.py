"""SMPL's pose correctives over a clip, as a few morph targets."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL

from .axes import Axes
from .motion import Motion


class Correctives(NamedTuple):
    """Pose correctives of a clip as morph targets.

    Attributes:
        targets: (K, V, 3) displacements at rest, metres, in the file's axes.
        weights: (T, K) of the targets in each frame.
        residual: Root mean square of what they leave out, in metres a
            vertex and frame.
    """

    targets: np.ndarray
    weights: np.ndarray
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
    targets = (directions[:most] @ basis.T).reshape(
        -1, 3, body_model.num_vertices
    )
    left_out = (strength[most:] ** 2).sum()
    return Correctives(
        targets=targets.swapaxes(1, 2) @ axes.from_y_up.T,
        weights=u[:, :most] * strength[:most],
        residual=float(
            np.sqrt(left_out / len(features) / body_model.num_vertices)
        ),
    )
