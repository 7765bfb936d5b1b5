"""Boxes and changes of frame, for whole columns at once.

Double precision throughout: a world may lie hundreds of metres away.
"""

from typing import Tuple

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.structures import J24_HIPS
from mmbopr.utils.rotation_fit import nearest_rotations


def square_boxes(
    points: np.ndarray, seen: np.ndarray, factor: float
) -> np.ndarray:
    """Square boxes around points.

    Args:
        points: (N, P, 2) pixels.
        seen: (N, P) bool, which of them count.
        factor: Side of the box over the longer side of the points' extent.

    Returns:
        np.ndarray: (N, 3) centre x, y and side in pixels; NaN where no point
        counts.
    """
    low = np.where(seen[..., None], points, np.inf).min(1)
    high = np.where(seen[..., None], points, -np.inf).max(1)
    return boxes_of_corners(
        np.where(seen.any(1)[:, None, None], np.stack([low, high], 1), np.nan),
        factor,
    )


def boxes_of_corners(corners: np.ndarray, factor: float) -> np.ndarray:
    """Square boxes around rectangles.

    Args:
        corners: (N, 2, 2) upper left and lower right corner, pixels.
        factor: Side of the box over the longer side of the rectangle.

    Returns:
        np.ndarray: (N, 3) centre x, y and side in pixels.
    """
    low, high = corners[:, 0], corners[:, 1]
    side = factor * (high - low).max(1, keepdims=True)
    return np.concatenate([(low + high) / 2, side], 1)


def turn_root(pose: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Turn bodies as a whole.

    Args:
        pose: (N, 24, 3) axis-angle.
        rotation: (N, 3, 3), from the frame of ``pose`` to the new one.

    Returns:
        np.ndarray: (N, 24, 3) with another root.
    """
    root = Rotation.from_rotvec(pose[:, 0])
    turned = (Rotation.from_matrix(rotation) * root).as_rotvec()
    return np.concatenate([turned[:, None], pose[:, 1:]], 1)


def move_transl(
    transl: np.ndarray,
    pelvis: np.ndarray,
    rotation: np.ndarray,
    offset: np.ndarray,
) -> np.ndarray:
    """Translation of bodies that are moved as a whole.

    A body turns about its pelvis, which does not lie at the origin: a body
    at x = SMPL(pose) + t seen in a frame x' = R x + o has
    t' = R (J0 + t) + o - J0.

    Args:
        transl: (N, 3) t, metres.
        pelvis: (N, 3) J0, the pelvis of the shaped body at rest, metres.
        rotation: (N, 3, 3) R.
        offset: (N, 3) o, metres.

    Returns:
        np.ndarray: (N, 3) t', metres.
    """
    moved = np.einsum('nij,nj->ni', rotation, pelvis + transl)
    return moved + offset - pelvis


def project(points: np.ndarray, K: np.ndarray) -> np.ndarray:
    """Pixels (N, P, 2) of points (N, P, 3) under cameras (N, 4)."""
    return points[..., :2] / points[..., 2:] * K[:, None, :2] + K[:, None, 2:]


def intrinsics(matrix: np.ndarray) -> np.ndarray:
    """(..., 4) fx, fy, cx, cy of camera matrices (..., 3, 3)."""
    return matrix[..., [0, 1, 0, 1], [0, 1, 2, 2]]


def hip_centred(joints: np.ndarray) -> np.ndarray:
    """J24 joints (N, 24, 3) around their mid-hip, as ``kp3d`` has them."""
    return joints - joints[:, J24_HIPS].mean(1, keepdims=True)


def with_confidence(points: np.ndarray, confidence=1.0) -> np.ndarray:
    """Append a confidence, one for all or (N, P), to points (N, P, D)."""
    column = np.broadcast_to(confidence, points.shape[:-1])
    return np.concatenate([points, column[..., None]], -1)


def repair_rotations(matrices: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """The rotations nearest to matrices that are almost that.

    Args:
        matrices: (..., 3, 3).

    Returns:
        tuple[np.ndarray, np.ndarray]: (..., 3, 3) rotations, and (...) the
        largest entry by which each matrix differs from its rotation.
    """
    rotations = nearest_rotations(matrices.astype(np.float64))
    return rotations, np.abs(rotations - matrices).max((-2, -1))
