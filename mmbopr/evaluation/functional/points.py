"""What all errors start from: checked points, their root, their distances.

A NaN or an infinity raises ``ValueError`` with the indices of its rows; two
inputs that differ in shape, or are not (N, J, 3), raise it with both shapes.
"""

from typing import Optional, Sequence, Tuple, Union

import numpy as np
from torch import Tensor

Array = Union[np.ndarray, Tensor]

MM_PER_M = 1000.0


def _to_numpy(array: Array) -> np.ndarray:
    if isinstance(array, Tensor):
        array = array.detach().cpu().double().numpy()
    return np.asarray(array, dtype=np.float64)


def list_rows(rows: Sequence[int]) -> str:
    """The first ten of some rows, and how many there are, for messages."""
    shown = ', '.join(str(row) for row in rows[:10])
    return shown + (f', ... ({len(rows)} in all)' if len(rows) > 10 else '')


def finite_rows(array: Array) -> np.ndarray:
    """(N,) bool, whether all numbers of a row of (N, ...) are finite."""
    array = _to_numpy(array)
    # A sum is finite only if all that it adds up is.
    return np.isfinite(array.sum(axis=tuple(range(1, array.ndim))))


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
    bad = ~finite_rows(array)
    if bad.any():
        named = np.arange(len(bad)) if rows is None else np.asarray(rows)
        raise ValueError(
            f'{name}: expected finite numbers, found NaN or infinity in rows '
            f'{list_rows(named[bad])}; leave these rows out, or repair what '
            'produced them (a diverged network, an unlabelled sample)'
        )


def check_points(name: str, array: Array) -> np.ndarray:
    """(N, J, 3) finite points as float64.

    Raises:
        ValueError: If the shape is another, or a number is not finite.
    """
    points = _to_numpy(array)
    if points.ndim != 3 or points.shape[1] == 0 or points.shape[2] != 3:
        raise ValueError(
            f'{name}: expected shape (N, J, 3) with J >= 1, found '
            f'{points.shape}; a single sample needs a leading dimension of 1'
        )
    check_finite(name, points)
    return points


def check_pair(pred: Array, gt: Array) -> Tuple[np.ndarray, np.ndarray]:
    """Two sets of points of one shape, each as :func:`check_points` does."""
    pred, gt = check_points('pred', pred), check_points('gt', gt)
    if pred.shape != gt.shape:
        raise ValueError(
            'pred and gt: expected equal shapes, found '
            f'{pred.shape} and {gt.shape}; both must hold the same samples '
            'and the same joint set or mesh topology'
        )
    return pred, gt


def root_align(joints: Array, root: Union[int, Sequence[int]]) -> np.ndarray:
    """Put every sample's origin at one of its joints, or between several.

    Args:
        joints: (N, J, 3) in metres, any frame.
        root: Index of the root joint, or of the joints whose mean is the
            root, as both hips are of the mid-hip.

    Returns:
        np.ndarray: (N, J, 3) joints relative to the root, same axes.
    """
    joints = check_points('joints', joints)
    roots = np.atleast_1d(root)
    if roots.min(initial=0) < 0 or roots.max(initial=0) >= joints.shape[1]:
        raise ValueError(
            f'root: expected an index in 0..{joints.shape[1] - 1} of joints '
            f'of shape {joints.shape}, found {root}'
        )
    return joints - joints[:, roots].mean(axis=1, keepdims=True)


def distances(offsets: np.ndarray) -> np.ndarray:
    """(N, J) lengths of (N, J, 3) vectors, in their unit."""
    return np.sqrt(np.einsum('njc,njc->nj', offsets, offsets))


def point_distances(pred: Array, gt: Array) -> np.ndarray:
    """(N, J) Euclidean distances in metres between (N, J, 3) points."""
    pred, gt = check_pair(pred, gt)
    return distances(pred - gt)
