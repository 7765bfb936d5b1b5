"""Errors of joints and meshes, a batch at a time, in float64.

All functions take (N, J, 3) points in metres, as NumPy arrays or tensors of
any device, and return NumPy float64 arrays with one entry a sample.  None of
them moves its input first, except those that say so: joints are compared
relative to a root, so take it off both sides with :func:`root_align`, e.g.
``root_align(joints_h36m, 0)[:, LSP_14_FROM_H36M_17]``.

A NaN or an infinity raises ``ValueError`` with the indices of its rows; two
inputs that differ in shape, or are not (N, J, 3), raise it with both shapes.
"""

import warnings
from typing import Dict, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from torch import Tensor

from mmbopr.structures import LSP_14_GROUPS

from .rotation_fit import nearest_rotations

Array = Union[np.ndarray, Tensor]

MM_PER_M = 1000.0
# Below this sum of squared distances to the centroid (m^2) all points of a
# sample coincide, and no scale can be estimated.
_MIN_SPREAD = 1e-12


def _to_numpy(array: Array) -> np.ndarray:
    if isinstance(array, Tensor):
        array = array.detach().cpu().double().numpy()
    return np.asarray(array, dtype=np.float64)


def _list_rows(rows: Sequence[int]) -> str:
    shown = ', '.join(str(int(row)) for row in rows[:10])
    return shown + (f', ... ({len(rows)} in all)' if len(rows) > 10 else '')


def check_finite(
    name: str, array: Array, rows: Optional[Sequence[int]] = None
) -> None:
    """Refuse NaN and infinity.

    Args:
        name: What the array is, for the message.
        array: (N, ...) numbers.
        rows: (N,) names of the rows for the message. Defaults to 0..N-1.

    Raises:
        ValueError: If a number is not finite, naming the rows.
    """
    array = _to_numpy(array)
    bad = ~np.isfinite(array).reshape(len(array), -1).all(axis=1)
    if bad.any():
        named = np.arange(len(array)) if rows is None else np.asarray(rows)
        raise ValueError(
            f'{name}: expected finite numbers, found NaN or infinity in rows '
            f'{_list_rows(named[bad])}; leave these rows out, or repair what '
            'produced them (a diverged network, an unlabelled sample)'
        )


def _points(name: str, array: Array) -> np.ndarray:
    points = _to_numpy(array)
    if points.ndim != 3 or points.shape[1] == 0 or points.shape[2] != 3:
        raise ValueError(
            f'{name}: expected shape (N, J, 3) with J >= 1, found '
            f'{points.shape}; a single sample needs a leading dimension of 1'
        )
    check_finite(name, points)
    return points


def _point_pair(pred: Array, gt: Array) -> Tuple[np.ndarray, np.ndarray]:
    pred, gt = _points('pred', pred), _points('gt', gt)
    if pred.shape != gt.shape:
        raise ValueError(
            'pred and gt: expected equal shapes, found '
            f'{pred.shape} and {gt.shape}; both must hold the same samples '
            'and the same joint set or mesh topology'
        )
    return pred, gt


def root_align(joints: Array, root: int) -> np.ndarray:
    """Put every sample's origin at one of its joints.

    Args:
        joints: (N, J, 3) in metres, any frame.
        root: Index of the root joint.

    Returns:
        np.ndarray: (N, J, 3) joints relative to the root, same axes.
    """
    joints = _points('joints', joints)
    if not 0 <= root < joints.shape[1]:
        raise ValueError(
            f'root: expected an index in 0..{joints.shape[1] - 1} of joints '
            f'of shape {joints.shape}, found {root}'
        )
    return joints - joints[:, root : root + 1]


def point_distances(pred: Array, gt: Array) -> np.ndarray:
    """(N, J) Euclidean distances in metres between (N, J, 3) points."""
    pred, gt = _point_pair(pred, gt)
    offsets = pred - gt
    return np.sqrt(np.einsum('njc,njc->nj', offsets, offsets))


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
    pred, gt = _point_pair(pred, gt)
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


def procrustes_align(pred: Array, gt: Array) -> np.ndarray:
    """Move ``pred`` onto ``gt`` by the best similarity transform.

    Scale, proper rotation (det = +1) and translation that minimise the sum
    of squared distances (Umeyama, PAMI 1991). Points that all coincide keep
    scale 1, with a ``RuntimeWarning`` that names their rows.

    Args:
        pred: (N, J, 3) points in metres.
        gt: (N, J, 3) points in metres.

    Returns:
        np.ndarray: (N, J, 3) ``pred`` in the frame of ``gt``.
    """
    pred, gt = _point_pair(pred, gt)
    gt_centre = _centroids(gt)
    pred, gt = pred - _centroids(pred), gt - gt_centre
    spread = np.einsum('njc,njc->n', pred, pred)
    degenerate = spread < _MIN_SPREAD
    if degenerate.any():
        warnings.warn(
            'procrustes_align: all points of pred coincide in rows '
            f'{_list_rows(np.flatnonzero(degenerate))}; scale 1 is used',
            RuntimeWarning,
            stacklevel=2,
        )
    covariance = pred.transpose(0, 2, 1) @ gt
    rotations = nearest_rotations(covariance)
    fit = np.einsum('nij,nij->n', rotations, covariance)
    scale = np.where(degenerate, 1.0, fit / np.maximum(spread, _MIN_SPREAD))
    return scale[:, None, None] * (pred @ rotations) + gt_centre


def _centroids(points: np.ndarray) -> np.ndarray:
    """(N, 1, 3); einsum sums short axes four times as fast as ``mean``."""
    return np.einsum('njc->nc', points)[:, None] / points.shape[1]


def pa_mpjpe(pred: Array, gt: Array) -> np.ndarray:
    """Joint error after :func:`procrustes_align` (PAMJE in the paper).

    Args:
        pred: (N, J, 3) joints in metres; the root does not matter.
        gt: (N, J, 3) ground truth in metres.

    Returns:
        np.ndarray: (N,) in mm.
    """
    return mpjpe(procrustes_align(pred, gt), gt)


def pve(pred_vertices: Array, gt_vertices: Array) -> np.ndarray:
    """Mean per-vertex error, no alignment (as in PARE).

    Args:
        pred_vertices: (N, V, 3) in metres, from the model's origin.
        gt_vertices: (N, V, 3) in metres, from the model's origin.

    Returns:
        np.ndarray: (N,) in mm.
    """
    return mpjpe(pred_vertices, gt_vertices)
