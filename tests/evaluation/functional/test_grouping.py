import numpy as np
import pytest
from numpy.testing import assert_allclose
from point_fakes import random_points

from mmbopr.evaluation.functional import (
    group_means,
    occlusion_bands,
    visibility_mpjpe,
)


def test_means_of_groups():
    values = np.array([[1, 10], [2, 20], [6, 60]])
    found = group_means(values, np.array(['run', 'walk', 'run']))
    assert list(found) == ['run', 'walk']
    assert_allclose(found['run'].mean, [3.5, 35])
    assert_allclose(found['walk'].mean, [2, 20])
    assert [found[name].count for name in found] == [2, 1]
    assert group_means(np.array([1, 4]), np.array(['a', 'a']))['a'].mean == 2.5


def test_groups_average_to_the_whole():
    rng = np.random.default_rng(0)
    values, groups = rng.normal(size=1000), rng.integers(0, 7, 1000)
    found = group_means(values, groups)
    for name, (mean, count) in found.items():
        rows = groups == int(name)
        assert count == rows.sum()
        assert_allclose(mean, values[rows].mean())
    total = sum(mean * count for mean, count in found.values())
    assert_allclose(total / 1000, values.mean())


def test_bands_hold_their_lower_edge():
    shares = [0, 0.05, 0.1, 0.2999, 0.3, 0.5, 0.7, 1, np.nan]
    assert occlusion_bands(shares).tolist() == [
        '0-10%', '0-10%', '10-30%', '10-30%', '30-50%', '50-70%', '70-100%',
        '70-100%', 'unknown',
    ]  # fmt: skip
    for share, band in ((0.1, '10-30%'), (0.3, '30-50%'), (0.7, '70-100%')):
        assert occlusion_bands(np.float32([share])) == band
    halves = occlusion_bands(np.array([0.4, 0.5]), edges=(0, 0.5, 1))
    assert halves.tolist() == ['0-50%', '50-100%']
    assert occlusion_bands(np.zeros(0)).shape == (0,)


def test_percentages_are_refused():
    with pytest.raises(ValueError, match=r'found 0 to 30; divide'):
        occlusion_bands([0, 30])


def test_visible_and_hidden_joints():
    gt = random_points(0, count=2, joints=2)
    pred = gt.copy()
    pred[..., 0] += [[0.01, 0.02], [0.03, 0.06]]
    visible, hidden = visibility_mpjpe(pred, gt, [[True, False], [True, True]])
    assert_allclose([visible.mean, hidden.mean], [100 / 3, 20])
    assert [visible.count, hidden.count] == [3, 1]
    seen, hidden = visibility_mpjpe(pred, gt, np.ones((2, 2)))
    assert_allclose(seen.mean, 30)
    assert np.isnan(hidden.mean) and hidden.count == 0
    with pytest.raises(ValueError, match=r'shape \(2, 2\).*found \(2,\)'):
        visibility_mpjpe(pred, gt, [True, False])
