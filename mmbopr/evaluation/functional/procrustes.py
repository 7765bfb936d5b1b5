"""Procrustes alignment of whole batches, in float64."""

import warnings
from typing import Tuple

import numpy as np

from .points import Array, check_pair, check_points, distances, list_rows
from .rotation_fit import nearest_rotations

# Below this sum of squared distances to the centroid (m^2) all points of a
# sample coincide, and no scale can be estimated.
_MIN_SPREAD = 1e-12


def _centroids(points: np.ndarray) -> np.ndarray:
    """(N, 1, 3); einsum sums short axes four times as fast as ``mean``."""
    return np.einsum('njc->nc', points)[:, None] / points.shape[1]


def _spread(centred: np.ndarray) -> np.ndarray:
    return np.einsum('njc,njc->n', centred, centred)


def coincident(points: Array) -> np.ndarray:
    """Which samples are degenerate: all their points coincide.

    Args:
        points: (N, J, 3) in metres.

    Returns:
        np.ndarray: (N,) bool.
    """
    points = check_points('points', points)
    return _spread(points - _centroids(points)) < _MIN_SPREAD


def _fit(
    pred: np.ndarray, gt: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centred ``pred`` once it fits, and the centroids of ``gt``.

    Returns:
        tuple: (N, J, 3) turned and scaled ``pred`` around the origin, (N, J,
        3) ``gt`` around the origin, (N, 1, 3) centroids of ``gt``.
    """
    gt_centre = _centroids(gt)
    pred, gt = pred - _centroids(pred), gt - gt_centre
    spread = _spread(pred)
    degenerate = spread < _MIN_SPREAD
    if degenerate.any():
        warnings.warn(
            'procrustes_align: all points of pred coincide in rows '
            f'{list_rows(np.flatnonzero(degenerate))}; scale 1 is used',
            RuntimeWarning,
            stacklevel=3,
        )
    covariance = pred.transpose(0, 2, 1) @ gt
    rotations = nearest_rotations(covariance)
    fit = np.einsum('nij,nij->n', rotations, covariance)
    scale = np.where(degenerate, 1.0, fit / np.maximum(spread, _MIN_SPREAD))
    return pred @ (scale[:, None, None] * rotations), gt, gt_centre


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
    fitted, _, gt_centre = _fit(*check_pair(pred, gt))
    return fitted + gt_centre


def procrustes_distances(pred: Array, gt: Array) -> np.ndarray:
    """(N, J) distances in metres after :func:`procrustes_align`."""
    fitted, gt_centred, _ = _fit(*check_pair(pred, gt))
    return distances(fitted - gt_centred)
