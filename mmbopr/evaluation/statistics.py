"""How sure a mean is, and whether two methods differ.

What is drawn at random are *units*: the sequences, where samples have one.
The frames of a video are nearly copies of each other, and errors last for
seconds.  Drawing them one by one would take a thousand frames for a thousand
independent trials, and the interval would come out several times too narrow.
Samples without a sequence are units of their own.
"""

from typing import Callable, Dict, NamedTuple, Tuple

import numpy as np

from .dump import EvaluationDump
from .summary import sample_metrics

LEVEL = 0.95
NUM_RESAMPLES = 2000
NUM_PERMUTATIONS = 10000
# Random numbers that are held at a time.
_CHUNK = 1 << 22


class Interval(NamedTuple):
    """A mean with the interval of level :data:`LEVEL` around it.

    Attributes:
        mean: Over samples.
        low: Lower end, NaN if there are not two units.
        high: Upper end, likewise.
    """

    mean: float
    low: float
    high: float


def sampling_units(dump: EvaluationDump) -> Tuple[np.ndarray, str]:
    """What is independent in a dump.

    Returns:
        tuple: (N,) number of each sample's unit, from 0; and what units are
        called, ``'sequence'`` or ``'sample'``.
    """
    alone = dump.seq == ''
    if alone.all():
        return np.arange(len(dump)), 'sample'
    names, units = np.unique(dump.seq, return_inverse=True)
    units = np.where(alone, len(names) + np.arange(len(dump)), units)
    return np.unique(units, return_inverse=True)[1], 'sequence'


def mean_intervals(dump: EvaluationDump, seed: int = 0) -> Dict[str, Interval]:
    """Means of a dump's metrics with bootstrap intervals.

    Args:
        dump: Without failures.
        seed: Of the bootstrap.

    Returns:
        dict[str, Interval]: By the names of
        :func:`~mmbopr.evaluation.sample_metrics`.
    """
    metrics = sample_metrics(dump)
    if not metrics:
        return {}
    values = np.stack(list(metrics.values()), axis=1)
    units, _ = sampling_units(dump)
    low, high = bootstrap_interval(values, units, seed=seed)
    columns = zip(metrics, values.mean(0), low, high, strict=True)
    return {name: Interval(*map(float, row)) for name, *row in columns}


def bootstrap_interval(
    values: np.ndarray,
    units: np.ndarray,
    *,
    num_resamples: int = NUM_RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> Tuple[np.ndarray, np.ndarray]:
    """Percentile interval of the mean, drawing whole units (Efron, 1979).

    Args:
        values: (N, M) numbers, one row a sample.
        units: (N,) number of each sample's unit, from 0 without gaps.
        num_resamples: How often as many units as there are are drawn.
        level: Of the interval.
        seed: Of the draws.

    Returns:
        tuple[np.ndarray, np.ndarray]: (M,) lower and upper ends; NaN if
        there are not two units to draw from.
    """
    sums, counts = _unit_sums(values, units)
    if len(counts) < 2:
        unknown = np.full(values.shape[1], np.nan)
        return unknown, unknown.copy()
    table = np.concatenate([sums, counts[:, None]], axis=1)
    totals = _random_sums(_resample, table, num_resamples, seed)
    tail = (1 - level) / 2
    means = totals[:, :-1] / totals[:, -1:]
    low, high = np.quantile(means, [tail, 1 - tail], axis=0)
    return low, high


def sign_flip_p_value(
    differences: np.ndarray,
    units: np.ndarray,
    *,
    num_permutations: int = NUM_PERMUTATIONS,
    seed: int = 0,
) -> np.ndarray:
    """Two-sided p-value of a mean difference, flipping whole units' signs.

    If two methods were equal, either could have had either error: the sign
    of a unit's differences would be a matter of chance.  The p-value is the
    share of random signs that lead at least as far from 0, the observed ones
    counted in (Phipson and Smyth, 2010).

    Args:
        differences: (N, M) paired differences, one row a sample.
        units: (N,) number of each sample's unit, from 0 without gaps.
        num_permutations: How often signs are drawn.
        seed: Of the draws.

    Returns:
        np.ndarray: (M,) p-values, from 1 / (num_permutations + 1) to 1.
    """
    sums, _ = _unit_sums(differences, units)
    flipped = np.abs(_random_sums(_flip, sums, num_permutations, seed))
    # Rounding must not keep the observed signs from equalling themselves.
    observed = np.abs(sums.sum(0)) * (1 - 1e-9)
    return (1 + (flipped >= observed).sum(0)) / (1 + num_permutations)


def _unit_sums(
    values: np.ndarray, units: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """(U, M) sums over each unit's samples, and (U,) how many they are."""
    counts = np.bincount(units)
    sums = np.zeros((len(counts), values.shape[1]))
    np.add.at(sums, units, values)
    return sums, counts.astype(np.float64)


def _random_sums(
    draw: Callable, table: np.ndarray, repeats: int, seed: int
) -> np.ndarray:
    """Random weights of units times their table, a few rows at a time.

    Args:
        draw: Makes (rows, U) weights from a generator, rows and U.
        table: (U, K).
        repeats: R, how many rows of weights.
        seed: Of the generator.

    Returns:
        np.ndarray: (R, K).
    """
    rng = np.random.default_rng(seed)
    step = max(1, _CHUNK // len(table))
    return np.concatenate(
        [
            draw(rng, min(step, repeats - start), len(table)) @ table
            for start in range(0, repeats, step)
        ]
    )


def _resample(rng: np.random.Generator, rows: int, units: int) -> np.ndarray:
    """How often each unit is drawn, with replacement."""
    picks = rng.integers(0, units, (rows, units))
    picks += units * np.arange(rows)[:, None]
    counts = np.bincount(picks.ravel(), minlength=rows * units)
    return counts.reshape(rows, units).astype(np.float64)


def _flip(rng: np.random.Generator, rows: int, units: int) -> np.ndarray:
    """-1 or 1 for each unit."""
    return 2.0 * rng.integers(0, 2, (rows, units), dtype=np.int8) - 1
