"""AGORA's protocol against hand-made pictures and a slow mirror of it."""

import numpy as np
import pytest
from agora_mirror import mirror
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mmbopr.evaluation.functional import (
    AgoraPeople,
    score_agora,
    score_agora_groups,
    valid_people,
)
from mmbopr.evaluation.functional.agora_matching import match_people

FRAME = np.random.default_rng(0).uniform(-1, 1, (45, 2)) * [40, 100]
BODY = np.random.default_rng(1).normal(0, 0.4, (45, 3))
MESH = np.random.default_rng(2).normal(0, 0.4, (60, 3))


def stand(*places):
    """(N, 45, 2) people around these pixels."""
    return FRAME + np.array(places, float).reshape(-1, 1, 2)


def people(images, places, offsets=None):
    """People who all have one body, whose joint 5 is off by metres."""
    joints = np.repeat(BODY[None], len(images), axis=0)
    vertices = np.repeat(MESH[None], len(images), axis=0)
    for i, offset in enumerate(offsets or ()):
        joints[i, 5, 2] += offset
        vertices[i, :30, 0] += offset
    return AgoraPeople(np.array(images), stand(*places), joints, vertices)


# --- one picture
def test_one_match_one_miss_one_false_positive_one_invalid():
    """The toy picture of the protocol, worked by hand.

    Truth: A and B count, C does not. Predictions: near A, near C, and far
    from everybody.  The one near C uses C up but stays free, and nobody else
    is near: it ends as a false positive, like the one far away.
    """
    gt = stand((200, 300), (900, 300), (1600, 300))
    pred = stand((210, 300), (1605, 300), (3000, 1500))
    found = match_people(pred, gt, np.array([True, True, False]))
    assert found.pairs.tolist() == [[0, 0]]
    assert found.false_positives.tolist() == [1, 2]
    assert found.misses.tolist() == [1]


def test_a_prediction_of_an_invalid_person_can_still_be_another():
    gt = stand((200, 300), (240, 300))
    pred = stand((202, 300))
    found = match_people(pred, gt, np.array([False, True]))
    assert found.pairs.tolist() == [[0, 1]]
    assert not len(found.false_positives) and not len(found.misses)


def test_pairs_without_overlap_end_the_search():
    """A tiny person in the middle is nearer, but overlaps by 4 % only.

    That pair fills the quota of the one prediction, so that the next pair,
    a good one, is not even looked at.
    """
    pred = stand((300, 300))
    tiny, below = 0.2 * FRAME + [300, 300], stand((300, 430))[0]
    found = match_people(pred, below[None], np.ones(1, bool))
    assert found.pairs.tolist() == [[0, 0]]
    found = match_people(pred, np.stack([tiny, below]), np.ones(2, bool))
    assert not len(found.pairs)
    assert found.false_positives.tolist() == [0]
    assert found.misses.tolist() == [0, 1]


def test_distance_is_the_largest_singular_value():
    """Sums of squares would prefer the second, singular values the first."""
    gt = np.zeros((1, 24, 2))
    gt[0, :, 0], gt[0, :, 1] = np.linspace(0, 100, 24), np.arange(24) % 2 * 90
    rng = np.random.default_rng(0)
    aside = np.linalg.qr(rng.normal(size=(24, 2)))[0]
    even = gt + 10 * aside  # both singular values are 10
    uneven = gt + aside * [12, 0.1]
    pred = np.concatenate([uneven, even])
    assert ((pred - gt) ** 2).sum((1, 2)).argmin() == 0
    assert match_people(pred, gt, [True]).pairs.tolist() == [[1, 0]]


def test_boxes_span_all_key_points_that_are_given():
    gt = stand((500, 500))
    pred = stand((500, 500))[:, :24] + [85, 0]
    assert not len(match_people(pred, gt, [True]).pairs)
    wide = np.concatenate([pred, gt[:, :1] - [60, 0]], axis=1)
    assert len(match_people(wide, gt, [True]).pairs) == 1


def test_nobody_predicted_or_nobody_matched():
    gt = stand((0, 0), (900, 0))
    found = match_people(np.zeros((0, 24, 2)), gt, np.array([True, False]))
    assert found.misses.tolist() == [0]
    assert found.pairs.shape == (0, 2) and not len(found.false_positives)


@given(st.integers(0, 2**32 - 1), st.integers(0, 6), st.integers(1, 6))
def test_equals_the_mirror_in_crowded_pictures(seed, num_pred, num_gt):
    rng = np.random.default_rng(seed)
    gt = stand(*rng.uniform(0, 250, (num_gt, 2)))
    gt *= rng.uniform(0.3, 1.5, (num_gt, 1, 1))
    pred = stand(*rng.uniform(0, 250, (num_pred, 2)))
    pred *= rng.uniform(0.3, 1.5, (num_pred, 1, 1))
    pred += rng.normal(0, 5, pred.shape)
    valid = rng.random(num_gt) < 0.7
    found = match_people(pred, gt, valid)
    pairs, extra, missed = mirror(pred, gt, valid)
    assert found.pairs.tolist() == pairs
    assert found.false_positives.tolist() == extra
    assert found.misses.tolist() == missed


# --- all pictures
def test_scores_worked_by_hand():
    """Picture a: one match, one miss, one false positive, one invalid person.

    Picture b: one match.  Picture c: nobody predicted.
    """
    gt = people(
        list('aaabc'), [(200, 300), (900, 300), (1600, 300), *[(9, 9)] * 2]
    )
    pred = people(
        ['a', 'b', 'a'], [(205, 300), (9, 9), (2900, 900)], [0.024, 0.048, 9]
    )
    valid = np.array([True, True, False, True, True])
    scores = score_agora(pred, gt, valid)
    assert scores['num_matched'] == 2
    assert scores['num_misses'] == 2 and scores['num_false_positives'] == 1
    assert scores['Precision'] == 0.67 and scores['Recall'] == 0.5
    assert scores['F1'] == 0.57  # 2 / 3.5
    # One of 24 joints, half of 60 vertices; means 36 mm.
    assert scores['MPJPE'] == 1.5 and scores['MVE'] == 18.0
    assert scores['NMJE'] == 2.6 and scores['NMVE'] == 31.6
    part = score_agora(pred, gt, valid, body_vertices=np.arange(40))
    assert part['MVE'] == 27.0 and part['MPJPE'] == 1.5


def test_groups_share_the_false_positives():
    """The same pictures; the matched of a and the miss are children."""
    gt = people(list('aabc'), [(200, 300), (900, 300), (9, 9), (9, 9)])
    pred = people(
        ['a', 'b', 'a'], [(205, 300), (9, 9), (2900, 900)], [0.024, 0.048, 9]
    )
    kid = np.array([True, True, False, False])
    groups = {'kids': kid, 'adults': ~kid, 'nobody': np.zeros(4, bool)}
    scores = score_agora_groups(pred, gt, np.ones(4, bool), groups)
    kids, adults = scores['kids'], scores['adults']
    assert (kids['num_matched'], kids['num_misses']) == (1, 1)
    assert kids['num_false_positives'] == adults['num_false_positives'] == 1
    assert (kids['Precision'], kids['Recall'], kids['F1']) == (0.5, 0.5, 0.5)
    assert (kids['MPJPE'], adults['MPJPE']) == (1.0, 2.0)
    assert kids['NMJE'] == 2.0
    assert scores['nobody']['F1'] == 0 and np.isnan(scores['nobody']['MVE'])


def test_errors_are_taken_around_both_hips():
    gt = people(['a'], [(0, 0)])
    moved = gt._replace(joints_3d=gt.joints_3d + 3, vertices=gt.vertices + 3)
    assert score_agora(moved, gt, [True])['MPJPE'] == 0
    joints = gt.joints_3d.copy()
    joints[0, 1] += [0, 0.1, 0]  # half of it moves everything else
    scores = score_agora(gt._replace(joints_3d=joints), gt, [True])
    assert_allclose(scores['MPJPE'], 50)
    assert_allclose(scores['MVE'], 50)


def test_a_perfect_prediction():
    gt = people(list('ab'), [(0, 0), (50, 80)])
    scores = score_agora(gt, gt, np.ones(2, bool))
    assert scores['F1'] == scores['Recall'] == scores['Precision'] == 1
    assert scores['MPJPE'] == scores['NMVE'] == 0


def test_many_people_are_averaged_over_batches(monkeypatch):
    monkeypatch.setattr('mmbopr.evaluation.functional.agora._BATCH', 3)
    names = [f'{i}' for i in range(8)]
    offsets = np.arange(8) * 0.024
    gt = people(names, [(0, 0)] * 8)
    pred = people(names[::-1], [(3, 3)] * 8, offsets.tolist())
    assert score_agora(pred, gt, np.ones(8, bool))['MPJPE'] == 3.5


def test_nothing_found_has_no_errors():
    gt = people(['a'], [(0, 0)])
    far = people(['a'], [(3000, 0)])
    scores = score_agora(far, gt, [True])
    assert scores['F1'] == 0 and scores['num_misses'] == 1
    assert all(np.isnan(scores[k]) for k in ('MPJPE', 'MVE', 'NMJE', 'NMVE'))
    assert score_agora(far, gt, [False])['num_misses'] == 0


def test_bad_predictions_are_named():
    gt = people(['a'], [(0, 0)])
    with pytest.raises(ValueError, match=r"pictures \['b'\] \(1 in all\)"):
        score_agora(people(['b'], [(0, 0)]), gt, [True])
    bad = people(list('aa'), [(0, 0), (np.nan, 0)])
    with pytest.raises(ValueError, match=r'predicted keypoints_2d: .*rows 1;'):
        score_agora(bad, gt, [True])


def test_who_counts():
    found = valid_people([True, True, True, True, False], [0, 90, 91, -1, 5])
    assert found.tolist() == [True, True, False, False, False]
