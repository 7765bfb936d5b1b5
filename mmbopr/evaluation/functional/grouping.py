"""Means over parts of a data set: by sequence, occlusion, visibility."""

from itertools import pairwise
from typing import Dict, NamedTuple, Sequence, Tuple

import numpy as np

from .points import MM_PER_M, Array, point_distances

# Edges of the bands in which the hidden share of a body is reported.
OCCLUSION_EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 1.0)
UNKNOWN = 'unknown'


class GroupMean(NamedTuple):
    """A mean with what it is over.

    Attributes:
        mean: In the unit of the values; (M,) if there are several.
        count: How many values it is over.
    """

    mean: np.ndarray
    count: int


def group_means(
    values: np.ndarray, groups: np.ndarray
) -> Dict[str, GroupMean]:
    """Mean of each group, sorted by name.

    Args:
        values: (N,) or (N, M) numbers, one row a sample.
        groups: (N,) names, e.g. of sequences or from
            :func:`occlusion_bands`.

    Returns:
        dict[str, GroupMean]: One for each name.
    """
    names, rows = np.unique(groups, return_inverse=True)
    values = np.asarray(values, np.float64)
    sums = np.zeros((len(names), *values.shape[1:]))
    np.add.at(sums, rows, values)
    counts = np.bincount(rows, minlength=len(names))
    means = sums / counts.reshape(-1, *[1] * (values.ndim - 1))
    return {
        str(name): GroupMean(mean, int(count))
        for name, mean, count in zip(names, means, counts, strict=True)
    }


def occlusion_bands(
    occlusion: np.ndarray, edges: Sequence[float] = OCCLUSION_EDGES
) -> np.ndarray:
    """Name of the band that each sample's occlusion lies in.

    Args:
        occlusion: (N,) hidden share of the body, 0 to 1; NaN if unknown.
        edges: Rising, from 0 to 1. A band holds its lower edge; the last one
            also its upper.

    Returns:
        np.ndarray: (N,) names such as ``'10-30%'``, or ``'unknown'``.

    Raises:
        ValueError: If a share lies outside 0..1.
    """
    occlusion = np.asarray(occlusion, np.float64)
    known = np.isfinite(occlusion)
    shares = np.where(known, occlusion, 0)
    if shares.size and not 0 <= shares.min() <= shares.max() <= 1:
        raise ValueError(
            'occlusion: expected shares from 0 to 1, found '
            f'{shares.min():g} to {shares.max():g}; divide percentages by 100'
        )
    names = np.array(
        [f'{100 * low:.0f}-{100 * high:.0f}%' for low, high in pairwise(edges)]
    )
    # In single precision 70 % is a little less; it must not fall below.
    bands = np.searchsorted(edges[1:-1], shares.round(6), side='right')
    return np.where(known, names[bands], UNKNOWN)


def visibility_mpjpe(
    pred: Array, gt: Array, visible: np.ndarray
) -> Tuple[GroupMean, GroupMean]:
    """Joint error of what can be seen and of what cannot.

    Joints are pooled over samples, so that people with one hidden joint do
    not outweigh those with ten.

    Args:
        pred: (N, J, 3) root-aligned joints in metres.
        gt: (N, J, 3) ground truth, aligned in the same way.
        visible: (N, J) bool.

    Returns:
        tuple[GroupMean, GroupMean]: mm over all visible joints, and over all
        hidden ones; NaN over none.

    Raises:
        ValueError: If ``visible`` has another shape.
    """
    distances = MM_PER_M * point_distances(pred, gt)
    visible = np.asarray(visible, bool)
    if visible.shape != distances.shape:
        raise ValueError(
            f'visible: expected shape {distances.shape}, one entry a joint, '
            f'found {visible.shape}'
        )
    return _mean_where(distances, visible), _mean_where(distances, ~visible)


def _mean_where(values: np.ndarray, mask: np.ndarray) -> GroupMean:
    count = int(mask.sum())
    total = values.sum(where=mask)
    return GroupMean(total / count if count else np.nan, count)
