import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from point_fakes import random_points

from mmbopr.evaluation.functional import acceleration_error


def slow(pred, gt, track, frame):
    """Track by track, frame by frame."""
    rows = {key: i for i, key in enumerate(zip(track, frame, strict=True))}
    errors = np.full(len(pred), np.nan)
    for (name, t), i in rows.items():
        before, after = rows.get((name, t - 1)), rows.get((name, t + 1))
        if before is None or after is None:
            continue
        a_pred = pred[before] - 2 * pred[i] + pred[after]
        a_gt = gt[before] - 2 * gt[i] + gt[after]
        errors[i] = 1000 * np.linalg.norm(a_pred - a_gt, axis=1).mean()
    return errors


def test_one_jump_is_seen_by_three_frames():
    """A shift by 10 mm in frame 3 alone bends by 10, -20, 10."""
    gt = np.zeros((7, 14, 3))
    pred = gt.copy()
    pred[3, :, 2] = 0.01
    errors = acceleration_error(pred, gt, np.zeros(7), np.arange(7))
    assert_allclose(errors, [np.nan, 0, 10, 20, 10, 0, np.nan], atol=1e-12)


def test_steady_motion_and_a_constant_error_do_not_count():
    gt = random_points(0, count=5)
    drift = np.arange(5)[:, None, None] * [0.01, 0, -0.02]
    errors = acceleration_error(gt + 0.3 + drift, gt, [0] * 5, np.arange(5))
    assert_allclose(errors[1:-1], 0, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.sets(st.tuples(st.sampled_from('abc'), st.integers(0, 9)), max_size=25),
)
def test_equals_the_loop_in_any_order_and_with_gaps(seed, keys):
    rng = np.random.default_rng(seed)
    keys = [sorted(keys)[i] for i in rng.permutation(len(keys))]
    track = np.array([name for name, _ in keys], dtype=str)
    frame = np.array([t for _, t in keys], dtype=int)
    pred, gt = rng.normal(0, 0.1, (2, len(keys), 14, 3))
    found = acceleration_error(pred, gt, track, frame)
    assert_allclose(found, slow(pred, gt, track, frame), atol=1e-9)


def test_a_frame_that_comes_twice_is_named():
    points = np.zeros((4, 14, 3))
    with pytest.raises(ValueError, match=r'once, found one again in rows 3;'):
        acceleration_error(points, points, list('abba'), [0, 0, 1, 0])
    with pytest.raises(ValueError, match=r'shape \(4,\), .* found \(3,\)'):
        acceleration_error(points, points, list('aaa'), [0, 1, 2, 3])
