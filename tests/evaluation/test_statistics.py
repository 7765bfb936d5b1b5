from itertools import product

import numpy as np
import pytest
from dump_fakes import make_dump
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mmbopr.evaluation import summarize
from mmbopr.evaluation.statistics import (
    bootstrap_interval,
    mean_intervals,
    sampling_units,
    sign_flip_p_value,
)


def slow_interval(values, units, num_resamples, seed):
    """Draw lists of sequences, one at a time."""
    rng = np.random.default_rng(seed)
    names = np.unique(units)
    means = []
    for _ in range(num_resamples):
        drawn = rng.choice(names, len(names))
        means.append(
            np.concatenate([values[units == u] for u in drawn]).mean()
        )
    return np.quantile(means, [0.025, 0.975])


def exact_p_value(differences, units):
    """Over all signs that there are."""
    sums = np.bincount(units, differences)
    every = [abs(np.dot(s, sums)) for s in product([-1, 1], repeat=len(sums))]
    return np.mean(np.array(every) >= abs(sums.sum()) - 1e-12)


def test_intervals_equal_a_loop_over_drawn_sequences():
    rng = np.random.default_rng(0)
    units = np.repeat(np.arange(8), [5, 30, 2, 9, 9, 20, 1, 14])
    values = rng.normal(50, 10, len(units)) + 20 * rng.normal(size=8)[units]
    low, high = bootstrap_interval(
        values[:, None], units, num_resamples=20000, seed=1
    )
    expected = slow_interval(values, units, 5000, seed=2)
    assert_allclose([low[0], high[0]], expected, atol=0.5)
    assert expected[1] - expected[0] > 10  # the tolerance is a small part


def test_intervals_of_samples_are_those_of_theory():
    values = np.random.default_rng(0).normal(70, 30, (400, 1))
    low, high = bootstrap_interval(values, np.arange(400))
    half = 1.96 * values.std() / np.sqrt(400)
    expected = values.mean() + half * np.array([-1, 1])
    assert_allclose([low[0], high[0]], expected, atol=0.3)


def test_frames_that_are_copies_do_not_narrow_an_interval():
    """20 sequences of one value: a hundred frames of each say no more."""
    values = np.random.default_rng(0).normal(70, 30, (20, 1))
    once = bootstrap_interval(values, np.arange(20))
    often = bootstrap_interval(
        np.repeat(values, 100, axis=0), np.repeat(np.arange(20), 100)
    )
    assert_allclose(often, once)


def test_columns_and_chunks_do_not_influence_each_other(monkeypatch):
    rng = np.random.default_rng(0)
    values, units = rng.normal(size=(50, 3)), rng.integers(0, 9, 50)
    whole = np.stack(bootstrap_interval(values, units, seed=5))
    alone = np.stack(bootstrap_interval(values[:, 1:2], units, seed=5))
    assert_allclose(whole[:, 1], alone[:, 0])
    monkeypatch.setattr('mmbopr.evaluation.statistics._CHUNK', 100)
    assert_allclose(np.stack(bootstrap_interval(values, units, seed=5)), whole)


def test_one_unit_has_no_interval():
    low, high = bootstrap_interval(np.ones((5, 2)), np.zeros(5, int))
    assert np.isnan(low).all() and np.isnan(high).all()


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.floats(-1, 1))
def test_p_values_approach_those_over_all_signs(seed, shift):
    rng = np.random.default_rng(seed)
    units = np.concatenate([np.arange(8), rng.integers(0, 8, 20)])
    differences = rng.normal(shift, 1, 28)
    found = sign_flip_p_value(differences[:, None], units, seed=3)
    assert_allclose(found, exact_p_value(differences, units), atol=0.025)


def test_p_values_at_the_ends():
    """Alike in all 30: 2 of 2^30 signs lead as far. None differs: all do."""
    differences = np.stack([np.ones(30), np.zeros(30)], axis=1)
    p = sign_flip_p_value(differences, np.arange(30), num_permutations=999)
    assert_allclose(p, [1 / 1000, 1])


def test_p_values_are_uniform_without_a_difference():
    rng = np.random.default_rng(0)
    differences = rng.normal(size=(25, 400))
    p = sign_flip_p_value(differences, np.arange(25), num_permutations=2000)
    assert 0.02 < (p < 0.05).mean() < 0.09


def test_units_are_sequences_where_there_are_some():
    units, name = sampling_units(make_dump(4, seq=np.array(list('abab'))))
    assert units.tolist() == [0, 1, 0, 1] and name == 'sequence'
    units, name = sampling_units(make_dump(4, seq=np.full(4, '')))
    assert units.tolist() == [0, 1, 2, 3] and name == 'sample'
    units, _ = sampling_units(make_dump(4, seq=np.array(['b', '', 'b', ''])))
    assert units[0] == units[2] and len(set(units)) == 3
    assert sorted(set(units)) == [0, 1, 2]


def test_intervals_of_a_dump_surround_its_means():
    dump = make_dump(40, seq=np.array([f's{i % 10}' for i in range(40)]))
    found = mean_intervals(dump)
    means = summarize(dump)
    assert {k: v.mean for k, v in found.items()} == pytest.approx(means)
    assert all(v.low < v.mean < v.high for v in found.values())
    assert mean_intervals(dump) == found
    assert mean_intervals(dump, seed=1) != found
    assert mean_intervals(make_dump(protocol=dict(gt_source='none'))) == {}
