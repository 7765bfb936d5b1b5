"""Two methods on the same samples."""

from dataclasses import dataclass
from typing import Any, Dict, Iterator, NamedTuple, Tuple

import numpy as np

from .dump import EvaluationDump
from .statistics import (
    bootstrap_interval,
    sampling_units,
    sign_flip_p_value,
)
from .summary import failed_rows, sample_metrics

# What two dumps must agree on, and what it is where a dump does not say.
_PROTOCOL_KEYS: Dict[str, Any] = dict(
    name='',
    joint_set='lsp_14',
    regressor='h36m_17',
    root='pelvis',
    gt_source='smpl',
    gt_gender='row',
    pve_align='none',
    bbox_source=None,
    bbox_scale=None,
    sequences='all',
    body_model_id=None,
)
# What they must agree on where both say it.
_DATA_KEYS = ('dataset_name', 'split', 'data_sha256')
# What an evaluation finds out from body model and data set.
_KNOWN_LATER = ('body_model_id', 'dataset_name', 'split')


class Difference(NamedTuple):
    """A metric of both methods, and how the second differs.

    Attributes:
        first: Mean of the first.
        second: Mean of the second.
        difference: Second minus first.
        low: Lower end of the 95 % interval of the difference.
        high: Upper end.
        p_value: Of no difference.
    """

    first: float
    second: float
    difference: float
    low: float
    high: float
    p_value: float

    @property
    def relative(self) -> float:
        """The difference as a share of the first method's mean."""
        return self.difference / self.first


@dataclass(frozen=True)
class Comparison:
    """All metrics of two methods.

    Attributes:
        differences: By the names that both dumps have.
        count: Samples compared.
        num_failed: Samples left out since a method failed on them.
        unit: What was drawn at random, ``'sequence'`` or ``'sample'``.
        num_units: How many of them there are.
    """

    differences: Dict[str, Difference]
    count: int
    num_failed: int
    unit: str
    num_units: int


def compare_dumps(
    first: EvaluationDump, second: EvaluationDump, seed: int = 0
) -> Comparison:
    """Compare two methods sample by sample.

    Args:
        first: Of the one.
        second: Of the other, on the same samples under the same protocol.
        seed: Of bootstrap and permutations.

    Returns:
        Comparison: Over the samples on which neither failed.

    Raises:
        ValueError: If protocols or samples differ, naming what does.
    """
    check_comparable(first, second)
    first = first.select(np.argsort(first.sample_idx))
    second = second.select(np.argsort(second.sample_idx))
    failed = failed_rows(first) | failed_rows(second)
    first, second = first.select(~failed), second.select(~failed)
    units, unit = sampling_units(first)
    before, after = sample_metrics(first), sample_metrics(second)
    names = [name for name in before if name in after]
    before = np.stack([before[name] for name in names], axis=1)
    after = np.stack([after[name] for name in names], axis=1)
    columns = (
        before.mean(0),
        after.mean(0),
        (after - before).mean(0),
        *bootstrap_interval(after - before, units, seed=seed),
        sign_flip_p_value(after - before, units, seed=seed),
    )
    rows = zip(names, *columns, strict=True)
    return Comparison(
        {name: Difference(*map(float, row)) for name, *row in rows},
        count=len(first),
        num_failed=int(failed.sum()),
        unit=unit,
        num_units=len(np.unique(units)),
    )


def check_protocols(first: Dict[str, Any], second: Dict[str, Any]) -> None:
    """Refuse protocols whose numbers do not mean the same.

    Args:
        first: Of the one dump.
        second: Of the other.

    Raises:
        ValueError: If they differ, naming what does.
    """
    differing = {
        key: (here, there)
        for key, here, there in _facts(first, second)
        if here != there
    }
    if differing:
        shown = ', '.join(
            f'{key} ({here!r} and {there!r})'
            for key, (here, there) in differing.items()
        )
        raise ValueError(
            f'the dumps were taken under different protocols: {shown}; '
            'evaluate both methods under one'
        )


def check_planned(dump: EvaluationDump, planned: Dict[str, Any]) -> None:
    """Refuse an evaluation that could not be compared with a dump.

    To be asked before hours of evaluation: what is only known afterwards is
    taken to agree.

    Args:
        dump: Of an evaluation that is done.
        planned: The protocol of the one that is to be done, as far as it is
            known.

    Raises:
        ValueError: If they differ, naming what does.
    """
    known = {k: dump.protocol[k] for k in _KNOWN_LATER if k in dump.protocol}
    check_protocols(dump.protocol, {**known, **planned})


def check_comparable(first: EvaluationDump, second: EvaluationDump) -> None:
    """Refuse dumps whose numbers do not mean the same.

    Raises:
        ValueError: If protocols or samples differ, naming what does.
    """
    check_protocols(first.protocol, second.protocol)
    here, there = set(first.sample_idx), set(second.sample_idx)
    if here != there:
        raise ValueError(
            f'the dumps hold different samples: {len(here - there)} only in '
            f'the first (sample_idx {sorted(here - there)[:5]}), '
            f'{len(there - here)} only in the second '
            f'({sorted(there - here)[:5]}); compare on the same data set'
        )


def _facts(
    first: Dict[str, Any], second: Dict[str, Any]
) -> Iterator[Tuple[str, Any, Any]]:
    """(key, value in the first, value in the second) to compare."""
    for key, default in _PROTOCOL_KEYS.items():
        yield key, first.get(key, default), second.get(key, default)
    for key in _DATA_KEYS:
        if key in first and key in second:
            yield key, first[key], second[key]
