import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from point_fakes import random_points

from mmbopr.evaluation.functional import auc, pck


def off_by(millimetres):
    """A prediction whose joints are off by these distances, and the truth."""
    gt = random_points(0, count=1, joints=len(millimetres))
    pred = gt.copy()
    pred[0, :, 1] += np.array(millimetres) / 1000
    return pred, gt


def test_pck_worked_by_hand():
    pred, gt = off_by([0, 149, 151, 400])
    assert_allclose(pck(pred, gt), [50])
    assert_allclose(pck(pred, gt, threshold=100), [25])
    assert_allclose(pck(pred, gt, threshold=200), [75])


def test_auc_worked_by_hand():
    """Thresholds 0, 5, ..., 150: 12 mm fails at 0, 5 and 10."""
    assert_allclose(auc(*off_by([12])), [100 * 28 / 31])
    assert_allclose(auc(*off_by([12, 148, 151])), [100 * (28 + 1) / 31 / 3])


def test_at_a_threshold_a_joint_is_not_yet_correct():
    origin = np.zeros((1, 1, 3))
    at = np.array([[[0.15, 0, 0]]])
    assert pck(at, origin) == 0 and auc(at, origin) == 0
    assert pck(origin, origin) == 100
    assert_allclose(auc(origin, origin), [100 * 30 / 31])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_auc_is_the_mean_of_pck_over_thresholds(seed):
    gt = random_points(seed, joints=17)
    pred = gt + 0.1 * random_points(seed + 1, joints=17)
    curve = [pck(pred, gt, threshold) for threshold in range(0, 151, 5)]
    assert len(curve) == 31
    assert_allclose(auc(pred, gt), np.mean(curve, axis=0))


def test_non_finite_input_names_its_rows():
    pred, gt = random_points(1), random_points(2)
    pred[1, 0, 0] = np.nan
    for function in (pck, auc):
        with pytest.raises(ValueError, match=r'pred: .* rows 1;'):
            function(pred, gt)
