import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from point_fakes import (
    kabsch_loop,
    numpy_loop,
    random_points,
    random_similarity,
)
from scipy.linalg import orthogonal_procrustes

from mmbopr.evaluation.functional import (
    coincident,
    pa_mpjpe,
    point_distances,
    procrustes_align,
    procrustes_distances,
)

SEEDS = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_procrustes_equals_scipy(seed):
    pred, gt = random_points(seed), random_points(seed + 1)
    aligned = procrustes_align(pred, gt)
    assert_allclose(aligned, kabsch_loop(pred, gt), atol=1e-9)
    distances = point_distances(aligned, gt)
    assert_allclose(procrustes_distances(pred, gt), distances, atol=1e-12)


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
    assert coincident(pred).tolist() == [False, True, False]
    assert not coincident(gt).any()
    good = [0, 2]
    assert_allclose(aligned[good], kabsch_loop(pred[good], gt[good]))


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
