import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from point_fakes import kabsch_loop, random_points, random_similarity

from mmbopr.evaluation.functional import (
    axis_mpjpe,
    mpjpe,
    pa_mpjpe,
    pa_pve,
    part_mpjpe,
    point_distances,
    pve,
    root_align,
)
from mmbopr.structures import LSP_14_GROUPS

SEEDS = st.integers(0, 2**32 - 1)


def test_errors_worked_by_hand():
    gt = np.zeros((2, 14, 3))
    pred = gt.copy()
    pred[0, 0] = [0.003, 0.004, 0]  # right ankle: 5 mm
    pred[1, 13] = [0, 0, -0.014]  # head: 14 mm
    assert_allclose(mpjpe(pred, gt), [5 / 14, 1])
    assert_allclose(
        axis_mpjpe(pred, gt), [[3 / 14, 4 / 14, 0], [0, 0, 1]], atol=1e-15
    )
    parts = part_mpjpe(pred, gt)
    assert list(parts) == list(LSP_14_GROUPS)
    assert_allclose(parts['Ankle'], [2.5, 0])
    assert_allclose(parts['Head'], [0, 14])
    assert_allclose(parts['Neck'], [0, 0])
    assert_allclose(point_distances(pred, gt)[:, 13], [0, 0.014])
    assert_allclose(pve(pred, gt), [5 / 14, 1])


def test_a_perfect_prediction_has_no_error():
    gt = random_points(0)
    assert mpjpe(gt, gt).tolist() == [0, 0, 0]
    assert axis_mpjpe(gt, gt).max() == 0
    assert pa_mpjpe(gt, gt).max() < 1e-10


def test_shifting_one_joint_in_x_shows_in_x_alone():
    gt = random_points(1)
    pred = gt.copy()
    pred[:, 4, 0] += 0.07
    assert_allclose(axis_mpjpe(pred, gt), [[5, 0, 0]] * 3, atol=1e-12)
    assert_allclose(part_mpjpe(pred, gt)['Knee'], 35)
    assert_allclose(part_mpjpe(pred, gt)['Hip'], 0)


def test_root_align_takes_the_root_off():
    joints = random_points(2, joints=17)
    aligned = root_align(joints + 5, 3)
    assert_allclose(aligned, joints - joints[:, 3:4], atol=1e-12)
    assert_allclose(aligned[:, 3], 0, atol=1e-15)
    between = root_align(joints, [1, 4])
    assert_allclose(between[:, 1], -between[:, 4], atol=1e-15)
    assert_allclose(between - between[:, :1], joints - joints[:, :1])


def test_pa_pve_aligns_all_vertices():
    rng = np.random.default_rng(3)
    gt = random_points(3, joints=50)
    pred = gt + random_points(4, joints=50) / 10
    moved = random_similarity(rng, pred)
    expected = np.linalg.norm(kabsch_loop(moved, gt) - gt, axis=2).mean(1)
    assert_allclose(pa_pve(moved, gt), 1000 * expected, rtol=1e-9)
    assert pa_pve(random_similarity(rng, gt), gt).max() < 1e-9


def test_tensors_and_arrays_give_the_same():
    pred, gt = random_points(3), random_points(4)
    found = pa_mpjpe(torch.from_numpy(pred), torch.from_numpy(gt))
    assert found.dtype == np.float64
    assert_allclose(found, pa_mpjpe(pred, gt))
    half = torch.from_numpy(pred).to(torch.bfloat16)
    assert_allclose(mpjpe(half, gt), mpjpe(half.double(), gt))


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_parts_and_axes_agree_with_the_whole(seed):
    pred, gt = random_points(seed), random_points(seed + 1)
    parts = part_mpjpe(pred, gt)
    weights = {name: len(group) / 14 for name, group in LSP_14_GROUPS.items()}
    assert sum(weights.values()) == pytest.approx(1)
    recombined = sum(weights[name] * parts[name] for name in weights)
    assert_allclose(recombined, mpjpe(pred, gt))
    rss = np.linalg.norm(axis_mpjpe(pred, gt), axis=1)
    assert (mpjpe(pred, gt) >= rss).all()


@pytest.mark.parametrize(
    'function', [mpjpe, pa_mpjpe, axis_mpjpe, part_mpjpe, pve, pa_pve]
)
@pytest.mark.parametrize('value', [np.nan, np.inf])
def test_non_finite_input_names_its_rows(function, value):
    gt = random_points(10, count=20)
    bad = gt.copy()
    bad[[3, 7], 2, 1] = value
    with pytest.raises(ValueError, match=r'pred: .* rows 3, 7; leave'):
        function(bad, gt)
    with pytest.raises(ValueError, match=r'gt: .* rows 3, 7; leave'):
        function(gt, bad)
    bad[:] = value
    with pytest.raises(ValueError, match=r'rows 0, .*, 9, \.\.\. \(20 in'):
        function(bad, gt)


@pytest.mark.parametrize(
    ('pred', 'gt', 'message'),
    [
        ((14, 3), (14, 3), r'pred: expected shape \(N, J, 3\).*\(14, 3\)'),
        ((2, 14, 2), (2, 14, 3), r'pred: .*found \(2, 14, 2\)'),
        ((2, 0, 3), (2, 0, 3), r'J >= 1, found \(2, 0, 3\)'),
        ((2, 14, 3), (2, 17, 3), r'found \(2, 14, 3\) and \(2, 17, 3\)'),
        ((1, 14, 3), (2, 14, 3), r'found \(1, 14, 3\) and \(2, 14, 3\)'),
    ],
)
def test_wrong_shapes_are_refused(pred, gt, message):
    with pytest.raises(ValueError, match=message):
        mpjpe(np.zeros(pred), np.zeros(gt))


def test_wrong_indices_are_refused():
    points = random_points(11)
    with pytest.raises(ValueError, match=r'root: .*0\.\.13 .*found 14'):
        root_align(points, 14)
    with pytest.raises(ValueError, match=r'root: .*found \[2, -1\]'):
        root_align(points, [2, -1])
    with pytest.raises(ValueError, match=r"groups\['Toe'\]: .*found \(14,\)"):
        part_mpjpe(points, points, {'Toe': (14,)})
    with pytest.raises(ValueError, match=r"groups\['Toe'\]: .*found \(\)"):
        part_mpjpe(points, points, {'Toe': ()})
