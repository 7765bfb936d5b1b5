"""AGORA's matching of predictions with the people in a picture.

Follows the evaluation code of the benchmark (agora_evaluation), whose
subtleties move the figures:

- The distance of two people is the largest singular value of the (24, 2)
  differences of their joints, not the root of their sum of squares.
- Boxes span *all* key points that are given, and their areas are 1 px wider
  and higher.  Pairs with an overlap below 0.1 are no match.
- Every such pair is counted, and matching ends as soon as that number and
  the matched predictions together reach the number of predictions.
- A person who is not valid is used up by the first pair that is theirs, and
  a prediction that fits such a person remains; it may end as a false
  positive.
"""

from typing import NamedTuple

import numpy as np

NUM_JOINTS = 24
MIN_OVERLAP = 0.1


class Matching(NamedTuple):
    """Who is who.

    Attributes:
        pairs: (M, 2) rows of a prediction and of the valid person it is.
        false_positives: (F,) rows of predictions that are nobody.
        misses: (S,) rows of valid people whom no prediction is.
    """

    pairs: np.ndarray
    false_positives: np.ndarray
    misses: np.ndarray


def match_people(
    pred: np.ndarray, gt: np.ndarray, valid: np.ndarray
) -> Matching:
    """Match the predictions of one picture, nearest pairs first.

    Args:
        pred: (P, K, 2) key points in pixels of 3840x2160, K >= 24.
        gt: (G, L, 2) likewise.
        valid: (G,) bool, who counts.
    """
    distances = _spectral_distances(pred, gt)
    overlaps = _overlaps(_boxes(pred), _boxes(gt))
    pred_used, gt_used = np.zeros(len(pred), bool), np.zeros(len(gt), bool)
    pairs, num_apart = [], 0
    for pair in np.argsort(distances, axis=None, kind='stable'):
        if gt_used.all() or pred_used.sum() + num_apart >= len(pred):
            break
        p, g = divmod(int(pair), len(gt))
        apart = overlaps[p, g] < MIN_OVERLAP
        num_apart += apart
        if not apart and (pred_used[p] or gt_used[g]):
            continue
        if not valid[g]:
            gt_used[g] = True
        elif not apart:
            pred_used[p] = gt_used[g] = True
            pairs.append((p, g))
    matched = np.array(pairs, np.int64).reshape(-1, 2)
    found = np.isin(np.arange(len(gt)), matched[:, 1])
    return Matching(
        matched, np.flatnonzero(~pred_used), np.flatnonzero(valid & ~found)
    )


def _spectral_distances(pred: np.ndarray, gt: np.ndarray) -> np.ndarray:
    """(P, G) largest singular values of the differences of 24 joints."""
    offsets = pred[:, None, :NUM_JOINTS] - gt[None, :, :NUM_JOINTS]
    gram = np.einsum('pgkc,pgkd->pgcd', offsets, offsets)
    xx, yy, xy = gram[..., 0, 0], gram[..., 1, 1], gram[..., 0, 1]
    return np.sqrt((xx + yy + np.hypot(xx - yy, 2 * xy)) / 2)


def _boxes(keypoints: np.ndarray) -> np.ndarray:
    """(N, 2, 2) upper left and lower right corners around (N, K, 2)."""
    return np.stack([keypoints.min(axis=1), keypoints.max(axis=1)], axis=1)


def _overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(P, G) intersections over unions of boxes, both ends counted in."""
    low = np.maximum(first[:, None, 0], second[None, :, 0])
    high = np.minimum(first[:, None, 1], second[None, :, 1])
    shared = np.clip(high - low + 1, 0, None).prod(axis=-1)
    areas = [(x[:, 1] - x[:, 0] + 1).prod(axis=-1) for x in (first, second)]
    return shared / (areas[0][:, None] + areas[1][None] - shared)
