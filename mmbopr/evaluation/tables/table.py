"""A table with footnotes, ready to be written down."""

from dataclasses import dataclass, field
from typing import List, NamedTuple, Optional, Tuple

import numpy as np


class Cell(NamedTuple):
    """A number, or none.

    Attributes:
        value: In mm.
        low: Lower end of its 95 % interval.
        high: Upper end.
        notes: Numbers of footnotes, from 1.
    """

    value: Optional[float] = None
    low: float = np.nan
    high: float = np.nan
    notes: Tuple[int, ...] = ()


class Row(NamedTuple):
    """A method.

    Attributes:
        name: What it is called.
        measured: Whether here, or by the paper's authors.
        cells: One for each column.
        notes: Numbers of footnotes to the name.
    """

    name: str
    measured: bool
    cells: List[Cell]
    notes: Tuple[int, ...] = ()


class Group(NamedTuple):
    """Columns that belong together.

    Attributes:
        title: Heading.
        metrics: One for each column, as in ``sample_metrics``.
        notes: Numbers of footnotes to the heading.
    """

    title: str
    metrics: List[str]
    notes: Tuple[int, ...] = ()


@dataclass
class Table:
    """All of it.

    Attributes:
        title: Of the table.
        groups: Its columns.
        rows: Those measured here first.
        notes: Footnotes; number n is at n - 1.
    """

    title: str
    groups: List[Group] = field(default_factory=list)
    rows: List[Row] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)

    def note(self, text: str) -> Tuple[int, ...]:
        """Number of a footnote, as a tuple; none for an empty one."""
        if not text:
            return ()
        if text not in self.notes:
            self.notes.append(text)
        return (self.notes.index(text) + 1,)
