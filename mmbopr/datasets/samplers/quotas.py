"""Whole numbers in given proportions."""

from typing import List, Sequence

import numpy as np


def apportion(
    ratios: Sequence[float], sizes: Sequence[int], total: int
) -> List[int]:
    """Split a number of samples among sources by largest remainder.

    A source with a positive ratio gets one sample at least, at the cost of
    the largest quotas.

    Args:
        ratios: Non-negative weights, one a source; scaled to sum to one.
        sizes: Rows of the sources.
        total: Number to split.

    Returns:
        list[int]: One quota a source; their sum is ``total``.

    Raises:
        ValueError: See :class:`MixtureSampler`.
    """
    _check(ratios, sizes, total)
    ratios = np.asarray(ratios, float)
    exact = ratios / ratios.sum() * total
    quotas = np.floor(exact).astype(int)
    by_remainder = np.argsort(quotas - exact, kind='stable')
    quotas[by_remainder[: total - quotas.sum()]] += 1
    for source in np.flatnonzero((quotas == 0) & (ratios > 0)):
        quotas[np.argmax(quotas)] -= 1
        quotas[source] = 1
    return quotas.tolist()


def _check(ratios: Sequence[float], sizes: Sequence[int], total: int) -> None:
    if len(ratios) != len(sizes):
        raise ValueError(
            f'there are {len(sizes)} sources but {len(ratios)} ratios: '
            f'{ratios}'
        )
    if not all(np.isfinite(ratio) and ratio >= 0 for ratio in ratios):
        raise ValueError(
            f'ratios must be finite and not negative, got {ratios}'
        )
    asked = [i for i, ratio in enumerate(ratios) if ratio > 0]
    if not asked:
        raise ValueError(f'one ratio at least must be positive, got {ratios}')
    for source in asked:
        if sizes[source] == 0:
            raise ValueError(
                f'source {source} is empty but has the ratio '
                f'{ratios[source]}; set it to 0 or leave the source out'
            )
    if total < len(asked):
        raise ValueError(
            f'an epoch of {total} samples is too short for {len(asked)} '
            'sources; raise epoch_size'
        )
