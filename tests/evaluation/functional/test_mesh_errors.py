import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.transform import Rotation

from mmbopr.evaluation.functional import (
    axis_mpjpe,
    mpjpe,
    pa_mpjpe,
    part_mpjpe,
    point_distances,
    procrustes_align,
    pve,
    root_align,
)
from mmbopr.structures import LSP_14_GROUPS

SEEDS = st.integers(0, 2**32 - 1)


def random_points(seed, count=3, joints=14):
    return np.random.default_rng(seed).normal(0, 0.5, (count, joints, 3))


def random_similarity(rng, points):
    rotation = Rotation.random(random_state=rng.integers(2**31)).as_matrix()
    return rng.uniform(0.3, 3) * points @ rotation + rng.normal(0, 2, 3)


def kabsch_loop(pred, gt):
    """One sample at a time, by SciPy's Kabsch: the independent route."""
    aligned = []
    for source, target in zip(pred, gt, strict=True):
        source = source - source.mean(0)
        centre = target.mean(0)
        rotation, _ = Rotation.align_vectors(target - centre, source)
        turned = rotation.apply(source)
        scale = (turned * (target - centre)).sum() / (source**2).sum()
        aligned.append(scale * turned + centre)
    return np.stack(aligned)


def numpy_loop(pred, gt):
    """One sample at a time, in the manner of the usual evaluation loops."""
    aligned = []
    for source, target in zip(pred, gt, strict=True):
        mu1, mu2 = source.mean(0), target.mean(0)
        x1, x2 = (source - mu1).T, (target - mu2).T
        u, _, vt = np.linalg.svd(x1 @ x2.T)
        z = np.eye(3)
        z[2, 2] = np.sign(np.linalg.det(u @ vt))
        rotation = vt.T @ z @ u.T
        scale = np.trace(rotation @ x1 @ x2.T) / (x1**2).sum()
        aligned.append(scale * (rotation @ x1).T + mu2)
    return np.stack(aligned)


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


def test_tensors_and_arrays_give_the_same():
    pred, gt = random_points(3), random_points(4)
    found = pa_mpjpe(torch.from_numpy(pred), torch.from_numpy(gt))
    assert found.dtype == np.float64
    assert_allclose(found, pa_mpjpe(pred, gt))
    half = torch.from_numpy(pred).to(torch.bfloat16)
    assert_allclose(mpjpe(half, gt), mpjpe(half.double(), gt))


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_procrustes_equals_scipy(seed):
    pred, gt = random_points(seed), random_points(seed + 1)
    assert_allclose(
        procrustes_align(pred, gt), kabsch_loop(pred, gt), atol=1e-9
    )


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_procrustes_undoes_a_similarity(seed):
    rng = np.random.default_rng(seed)
    gt = random_points(seed)
    assert pa_mpjpe(random_similarity(rng, gt), gt).max() < 1e-9


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_procrustes_does_not_see_how_pred_is_placed(seed):
    rng = np.random.default_rng(seed)
    pred, gt = random_points(seed), random_points(seed + 1)
    moved = random_similarity(rng, pred)
    assert_allclose(pa_mpjpe(moved, gt), pa_mpjpe(pred, gt), atol=1e-8)


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_procrustes_is_the_best_of_all_similarities(seed):
    """In squared error: neither pred itself nor a random move beats it."""
    rng = np.random.default_rng(seed)
    pred, gt = random_points(seed), random_points(seed + 1)
    aligned = procrustes_align(pred, gt)
    best = (point_distances(aligned, gt) ** 2).sum(1)
    for rival in (pred, random_similarity(rng, pred), 1.01 * aligned):
        assert (best <= (point_distances(rival, gt) ** 2).sum(1)).all()


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


def test_procrustes_never_mirrors():
    gt = random_points(5)
    mirrored = gt * [-1, 1, 1]
    # SciPy's orthogonal Procrustes may mirror, and then fits exactly.
    for source, target in zip(mirrored, gt, strict=True):
        source, target = source - source.mean(0), target - target.mean(0)
        rotation, _ = orthogonal_procrustes(source, target)
        assert_allclose(source @ rotation, target, atol=1e-12)
    aligned = procrustes_align(mirrored, gt)
    assert_allclose(aligned, kabsch_loop(mirrored, gt), atol=1e-9)
    assert pa_mpjpe(mirrored, gt).min() > 10


@pytest.mark.parametrize('rank', [1, 2])
def test_procrustes_of_points_on_a_line_or_in_a_plane(rank):
    rng = np.random.default_rng(6)
    gt = random_points(6)
    gt[..., rank:] = 0
    moved = np.stack([random_similarity(rng, sample) for sample in gt])
    assert pa_mpjpe(moved, gt).max() < 1e-9
    pred = random_points(7)
    assert_allclose(
        procrustes_align(pred, gt), numpy_loop(pred, gt), atol=1e-9
    )


def test_points_that_coincide_keep_their_scale_and_say_so():
    gt = random_points(8)
    pred = random_points(9)
    pred[1] = 0.3
    with pytest.warns(RuntimeWarning, match=r'rows 1; scale 1'):
        aligned = procrustes_align(pred, gt)
    centre = gt[1].mean(0, keepdims=True).repeat(14, axis=0)
    assert_allclose(aligned[1], centre, atol=1e-12)
    good = [0, 2]
    assert_allclose(aligned[good], kabsch_loop(pred[good], gt[good]))


@pytest.mark.parametrize(
    'function', [mpjpe, pa_mpjpe, axis_mpjpe, part_mpjpe, pve]
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
    with pytest.raises(ValueError, match=r"groups\['Toe'\]: .*found \(14,\)"):
        part_mpjpe(points, points, {'Toe': (14,)})
    with pytest.raises(ValueError, match=r"groups\['Toe'\]: .*found \(\)"):
        part_mpjpe(points, points, {'Toe': ()})


def speed_ratio(count):
    pred, gt = random_points(12, count), random_points(13, count)
    assert_allclose(
        procrustes_align(pred, gt), numpy_loop(pred, gt), atol=1e-9
    )

    def shortest(function, repeats):
        times = []
        for _ in range(repeats):
            start = time.process_time()
            function(pred, gt)
            times.append(time.process_time() - start)
        return min(times)

    return shortest(numpy_loop, 3) / shortest(procrustes_align, 5)


def test_procrustes_works_on_whole_batches():
    assert speed_ratio(2000) > 8  # 25 is the aim; leaves room for a busy CPU


@pytest.mark.slow
def test_procrustes_is_25_times_as_fast_as_a_loop():
    assert speed_ratio(35515) > 25
