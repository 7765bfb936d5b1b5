"""Comparisons and breakdowns as Markdown."""

from typing import Iterable, List, Sequence, Tuple

import numpy as np

from .breakdown import (
    acceleration,
    by_occlusion,
    by_sequence,
    by_visibility,
    main_metrics,
)
from .comparison import Comparison
from .dump import EvaluationDump
from .statistics import mean_intervals


def list_comparison(names: Tuple[str, str], comparison: Comparison) -> str:
    """Every metric of two methods, their difference and how sure it is.

    Args:
        names: Of the methods.
        comparison: Of their dumps.
    """
    rows = [
        (
            metric,
            f'{x.first:.1f}',
            f'{x.second:.1f}',
            f'{x.difference:+.1f} {_interval(x.low, x.high, "+.1f")}',
            f'{x.relative:+.1%}' if x.first else '-',
            f'{x.p_value:.4f}',
        )
        for metric, x in comparison.differences.items()
    ]
    heads = ('', *names, 'difference, 95 % interval', 'of the first', 'p')
    return (
        _table(heads, rows) + f'\n{comparison.count} samples; drawn are '
        f'{comparison.num_units} {comparison.unit}s; '
        f'{comparison.num_failed} samples left out on which a method failed. '
        'p is of sign-flip permutations.\n'
    )


def list_breakdown(dump: EvaluationDump) -> str:
    """Means with intervals, by sequence, occlusion, visibility; motion.

    Args:
        dump: Without failures. What it does not say is left out.
    """
    names, _ = main_metrics(dump)
    intervals = mean_intervals(dump)
    rows = [
        (name, f'{x.mean:.1f}', _interval(x.low, x.high, '.1f'))
        for name, x in intervals.items()
    ]
    parts = [
        '## All',
        _table(('', 'mean', '95 % interval'), rows),
        '## By sequence',
        _groups(names, by_sequence(dump).items()),
        '## By occlusion',
        _groups(names, by_occlusion(dump).items()),
    ]
    if dump.visible is not None:
        groups = [
            (name, ([group.mean], group.count))
            for name, group in by_visibility(dump).items()
            if group.count
        ]
        parts += ['## By visibility, joints', _groups(names[:1], groups)]
    if dump.person is not None and _has_numbered_frames(dump):
        mean, count = acceleration(dump)
        parts += [
            '## Motion',
            f'Acceleration error {mean:.2f} mm/frame^2 over {count} frames '
            'between two others.\n'
            if count
            else 'No three frames follow each other.\n',
        ]
    return '\n'.join(parts)


def _has_numbered_frames(dump: EvaluationDump) -> bool:
    return dump.frame is not None and bool(np.char.isdigit(dump.frame).all())


def _interval(low: float, high: float, digits: str) -> str:
    """Empty where there was only one thing to draw."""
    if np.isnan(low):
        return ''
    return f'[{low:{digits}}, {high:{digits}}]'


def _groups(names: Sequence[str], groups: Iterable) -> str:
    rows = [
        (group or '(none)', str(count), *[f'{value:.1f}' for value in means])
        for group, (means, count) in groups
    ]
    return _table(('', 'count', *names), rows)


def _table(heads: Sequence[str], rows: List[Sequence[str]]) -> str:
    rule = ['---', *['---:'] * (len(heads) - 1)]
    return ''.join(
        '| ' + ' | '.join(row) + ' |\n' for row in (heads, rule, *rows)
    )
