"""Scores of AGORA: matched people's errors, and whom nobody found."""

from typing import Dict, List, Mapping, NamedTuple, Optional

import numpy as np

from .agora_matching import NUM_JOINTS, Matching, match_people
from .points import MM_PER_M, check_finite, point_distances, root_align

HIPS = (1, 2)
MAX_OCCLUSION = 90.0
# People whose meshes are compared at a time.
_BATCH = 256


class AgoraPeople(NamedTuple):
    """People in pictures: predictions, or the truth.

    Attributes:
        image: (N,) names of the pictures.
        keypoints_2d: (N, K, 2), K >= 24, in pixels of 3840x2160, the joints
            of SMPL's tree first.
        joints_3d: (N, J, 3), J >= 24, metres, camera axes, likewise.
        vertices: (N, V, 3) metres, camera axes, from the same origin.
    """

    image: np.ndarray
    keypoints_2d: np.ndarray
    joints_3d: np.ndarray
    vertices: np.ndarray


def valid_people(is_valid: np.ndarray, occlusion: np.ndarray) -> np.ndarray:
    """Who counts: annotated as valid, and not hidden by more than 90 %.

    Args:
        is_valid: (N,) bool, ``isValid`` of the annotation.
        occlusion: (N,) percent.

    Returns:
        np.ndarray: (N,) bool.
    """
    hidden = np.asarray(occlusion, np.float64)
    inside = (hidden >= 0) & (hidden <= MAX_OCCLUSION)
    return np.asarray(is_valid, bool) & inside


def score_agora(
    pred: AgoraPeople,
    gt: AgoraPeople,
    valid: np.ndarray,
    body_vertices: Optional[np.ndarray] = None,
) -> Dict[str, float]:
    """F1, errors, and errors divided by F1, rounded as the server does.

    Args:
        pred: Predictions.
        gt: All annotated people, also those who do not count.
        valid: (N,) bool, who counts, see :func:`valid_people`.
        body_vertices: Indices of the vertices to compare: the server's 4,010
            are in ``body_verts_smpl.npy`` of agora_evaluation. Defaults to
            all.

    Returns:
        dict[str, float]: ``Precision``, ``Recall``, ``F1`` to 0.01;
        ``MPJPE`` and ``MVE`` in mm over those matched, around the middle of
        both hips, to 0.1; ``NMJE`` and ``NMVE``, the same divided by F1; and
        ``num_matched``, ``num_misses``, ``num_false_positives``. NaN where
        nobody was matched.

    Raises:
        ValueError: If a key point is not finite, or a picture of a
            prediction is not annotated.
    """
    everyone = {'all': np.ones(len(gt.image), bool)}
    return score_agora_groups(pred, gt, valid, everyone, body_vertices)['all']


def score_agora_groups(
    pred: AgoraPeople,
    gt: AgoraPeople,
    valid: np.ndarray,
    groups: Mapping[str, np.ndarray],
    body_vertices: Optional[np.ndarray] = None,
) -> Dict[str, Dict[str, float]]:
    """The same for groups of the annotated people, matched once.

    A false positive belongs to nobody: as on the server, which scores
    children apart, every group is charged with all of them.

    Args:
        pred: See :func:`score_agora`.
        gt: Likewise.
        valid: Likewise.
        groups: Name -> (N,) bool, who is in it.
        body_vertices: See :func:`score_agora`.

    Returns:
        dict[str, dict]: Scores by the name of the group.
    """
    matching = match_pictures(pred, gt, valid)
    errors = _pair_errors(pred, gt, matching.pairs, body_vertices)
    scores = {}
    for name, members in groups.items():
        members = np.asarray(members, bool)
        scores[name] = _scores(
            errors[members[matching.pairs[:, 1]]],
            len(matching.false_positives),
            int(members[matching.misses].sum()),
        )
    return scores


def _scores(errors: np.ndarray, extra: int, missed: int) -> Dict[str, float]:
    """Of (M, 2) errors of joints and vertices of those matched, in mm."""
    scores = _detection_scores(len(errors), extra, missed)
    f1 = scores['F1']
    means = errors.mean(0) if len(errors) else (np.nan, np.nan)
    for name, normalized, error in zip(
        ('MPJPE', 'MVE'), ('NMJE', 'NMVE'), means, strict=True
    ):
        scores[name] = round(float(error), 1)
        scores[normalized] = round(scores[name] / f1, 1) if f1 else np.nan
    return {
        **scores,
        'num_matched': len(errors),
        'num_misses': missed,
        'num_false_positives': extra,
    }


def match_pictures(
    pred: AgoraPeople, gt: AgoraPeople, valid: np.ndarray
) -> Matching:
    """Match picture by picture; see :func:`score_agora`.

    Returns:
        Matching: In rows of ``pred`` and ``gt``.
    """
    check_finite('predicted keypoints_2d', pred.keypoints_2d)
    check_finite('true keypoints_2d', gt.keypoints_2d)
    valid = np.asarray(valid, bool)
    predicted, annotated = _rows_of(pred.image), _rows_of(gt.image)
    foreign = sorted(set(predicted) - set(annotated))
    if foreign:
        raise ValueError(
            f'predictions: pictures {foreign[:5]} ({len(foreign)} in all) are '
            'not annotated; score each split against its own annotation, and '
            'name pictures alike in both'
        )
    parts: List[Matching] = []
    for image, truth in annotated.items():
        rows = predicted.get(image, np.zeros(0, np.int64))
        found = match_people(
            pred.keypoints_2d[rows], gt.keypoints_2d[truth], valid[truth]
        )
        pairs = rows[found.pairs[:, 0]], truth[found.pairs[:, 1]]
        parts.append(
            Matching(
                np.stack(pairs, axis=1),
                rows[found.false_positives],
                truth[found.misses],
            )
        )
    return Matching(*map(np.concatenate, zip(*parts, strict=True)))


def _rows_of(images: np.ndarray) -> Dict[str, np.ndarray]:
    """Picture -> rows of its people, in order."""
    names, inverse = np.unique(images, return_inverse=True)
    order = np.argsort(inverse, kind='stable')
    starts = np.cumsum(np.bincount(inverse, minlength=len(names)))[:-1]
    return dict(zip(names.tolist(), np.split(order, starts), strict=False))


def _detection_scores(
    matched: int, extra: int, missed: int
) -> Dict[str, float]:
    """All are 0 where there is nobody to find, or nothing predicted."""
    if matched == 0:
        return dict(Precision=0.0, Recall=0.0, F1=0.0)
    return dict(
        Precision=round(matched / (matched + extra), 2),
        Recall=round(matched / (matched + missed), 2),
        F1=round(matched / (matched + 0.5 * (extra + missed)), 2),
    )


def _pair_errors(
    pred: AgoraPeople,
    gt: AgoraPeople,
    pairs: np.ndarray,
    body_vertices: Optional[np.ndarray],
) -> np.ndarray:
    """(M, 2) mean joint and vertex error of each pair in mm."""
    chosen = slice(None) if body_vertices is None else body_vertices
    errors = np.zeros((len(pairs), 2))
    for start in range(0, len(pairs), _BATCH):
        rows = pairs[start : start + _BATCH]
        distances = MM_PER_M * point_distances(
            _aligned(pred, rows[:, 0], chosen),
            _aligned(gt, rows[:, 1], chosen),
        )
        errors[start : start + _BATCH] = np.stack(
            [
                distances[:, :NUM_JOINTS].mean(axis=1),
                distances[:, NUM_JOINTS:].mean(axis=1),
            ],
            axis=1,
        )
    return errors


def _aligned(people: AgoraPeople, rows: np.ndarray, chosen) -> np.ndarray:
    """24 joints and the chosen vertices around the middle of both hips."""
    joints = people.joints_3d[rows][:, :NUM_JOINTS]
    vertices = people.vertices[rows][:, chosen]
    return root_align(np.concatenate([joints, vertices], axis=1), HIPS)
