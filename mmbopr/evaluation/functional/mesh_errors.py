"""Errors of joints and meshes, a batch at a time, in float64.

All functions take (N, J, 3) points in metres, as NumPy arrays or tensors of
any device, and return NumPy float64 arrays with one entry a sample.  None of
them moves its input first, except those that say so: joints are compared
relative to a root, so take it off both sides with :func:`root_align`, e.g.
``root_align(joints_h36m, 0)[:, LSP_14_FROM_H36M_17]``.  Bad input raises as
in :mod:`~mmbopr.evaluation.functional.points`.
"""

from typing import Dict, Mapping, Sequence

import numpy as np

from mmbopr.structures import LSP_14_GROUPS

from .points import MM_PER_M, Array, check_pair, point_distances
from .procrustes import procrustes_distances


def mpjpe(pred: Array, gt: Array) -> np.ndarray:
    """Mean per-joint position error (MJE in the paper), no alignment.

    Args:
        pred: (N, J, 3) root-aligned joints in metres.
        gt: (N, J, 3) ground truth, aligned in the same way.

    Returns:
        np.ndarray: (N,) in mm.
    """
    return MM_PER_M * point_distances(pred, gt).mean(axis=1)


def axis_mpjpe(pred: Array, gt: Array) -> np.ndarray:
    """Mean absolute error along each axis (Table 3), no alignment.

    Args:
        pred: (N, J, 3) root-aligned joints in metres, camera axes.
        gt: (N, J, 3) ground truth, aligned in the same way.

    Returns:
        np.ndarray: (N, 3) in mm, along x, y and z.
    """
    pred, gt = check_pair(pred, gt)
    return MM_PER_M * np.abs(pred - gt).mean(axis=1)


def part_mpjpe(
    pred: Array,
    gt: Array,
    groups: Mapping[str, Sequence[int]] = LSP_14_GROUPS,
) -> Dict[str, np.ndarray]:
    """Mean error of each group of joints (Table 6), no alignment.

    Args:
        pred: (N, J, 3) root-aligned joints in metres.
        gt: (N, J, 3) ground truth, aligned in the same way.
        groups: Joint indices of each group, weighted equally within it.

    Returns:
        dict[str, np.ndarray]: (N,) in mm for each group.

    Raises:
        ValueError: If a group names a joint that is not there.
    """
    distances = MM_PER_M * point_distances(pred, gt)
    num_joints = distances.shape[1]
    for name, joints in groups.items():
        if not joints or not all(0 <= j < num_joints for j in joints):
            raise ValueError(
                f'groups[{name!r}]: expected indices in 0..{num_joints - 1}, '
                f'found {tuple(joints)}; pass the groups of this joint set'
            )
    return {
        name: distances[:, list(joints)].mean(axis=1)
        for name, joints in groups.items()
    }


def pa_mpjpe(pred: Array, gt: Array) -> np.ndarray:
    """Joint error after :func:`procrustes_align` (PAMJE in the paper).

    Args:
        pred: (N, J, 3) joints in metres; the root does not matter.
        gt: (N, J, 3) ground truth in metres.

    Returns:
        np.ndarray: (N,) in mm.
    """
    return MM_PER_M * procrustes_distances(pred, gt).mean(axis=1)


def pve(pred_vertices: Array, gt_vertices: Array) -> np.ndarray:
    """Mean per-vertex error, no alignment (as in PARE).

    Args:
        pred_vertices: (N, V, 3) in metres, from the model's origin.
        gt_vertices: (N, V, 3) in metres, from the model's origin.

    Returns:
        np.ndarray: (N,) in mm.
    """
    return mpjpe(pred_vertices, gt_vertices)


def pa_pve(pred_vertices: Array, gt_vertices: Array) -> np.ndarray:
    """Vertex error after Procrustes on all vertices (not on the joints).

    Args:
        pred_vertices: (N, V, 3) in metres, from any origin.
        gt_vertices: (N, V, 3) in metres, from any origin.

    Returns:
        np.ndarray: (N,) in mm.
    """
    return pa_mpjpe(pred_vertices, gt_vertices)
