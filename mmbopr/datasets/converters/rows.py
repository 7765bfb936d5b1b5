"""Annotation rows in the making."""

from typing import Any, Dict, Iterable

import numpy as np

from mmbopr.structures import NEUTRAL

from ..annotations import FLAG_OF, OPTIONAL_COLUMNS, REQUIRED_COLUMNS

_DTYPES = {'f': np.float32, 'b': np.bool_, 'iu': np.int64, 'U': np.str_}
_UNKNOWN = ('transl', 'K')


class Rows:
    """Columns of people, with a count of those that were left out.

    Attributes:
        columns: Arrays of N rows by key, see ``docs/data_format.md``; what a
            data set does not tell is missing.
        num_read: How many people there were before any was left out.
        dropped: How many were left out, by reason.
        notes: Numbers to write down about this input, by name.

    Raises:
        ValueError: If the columns differ in length.
    """

    def __init__(self, **columns: Any):
        self.columns = {key: np.asarray(x) for key, x in columns.items()}
        self.num_read = len(self)
        self.dropped: Dict[str, int] = {}
        self.notes: Dict[str, float] = {}
        for key, column in self.columns.items():
            self[key] = column

    @classmethod
    def join(cls, parts: Iterable['Rows']) -> 'Rows':
        """Put rows with the same keys one after another."""
        parts = list(parts)
        keys = parts[0].columns if parts else ()
        rows = cls(
            **{key: np.concatenate([p[key] for p in parts]) for key in keys}
        )
        rows.num_read = sum(part.num_read for part in parts)
        for part in parts:
            for reason, count in part.dropped.items():
                rows.dropped[reason] = rows.dropped.get(reason, 0) + count
        return rows

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __contains__(self, key: str) -> bool:
        return key in self.columns

    def __getitem__(self, key: str) -> np.ndarray:
        return self.columns[key]

    def __setitem__(self, key: str, column: Any) -> None:
        column = np.asarray(column)
        if column.shape[:1] != (len(self),):
            raise ValueError(
                f'{key!r} has shape {column.shape}, there are {len(self)} rows'
            )
        self.columns[key] = column

    def pop(self, key: str) -> np.ndarray:
        """Take a column away."""
        return self.columns.pop(key)

    def drop(self, bad: np.ndarray, reason: str) -> None:
        """Leave out the rows where ``bad`` (N,) is set, and count them."""
        count = int(np.count_nonzero(bad))
        if count:
            self.dropped[reason] = self.dropped.get(reason, 0) + count
            self.columns = {k: x[~bad] for k, x in self.columns.items()}

    def drop_not_numbers(self, what: str, *keys: str) -> None:
        """Leave out the rows where one of the columns is not finite."""
        for key in filter(self.__contains__, keys):
            axes = tuple(range(1, self[key].ndim))
            self.drop(~np.isfinite(self[key]).all(axes), f'{what} no numbers')

    def complete(self) -> Dict[str, np.ndarray]:
        """All columns of the unified format, with its dtypes.

        What is missing is unknown: NaN for translation and camera, zero for
        labels, whose flags are False.  A label that is there is flagged,
        unless the rows hold the flag themselves.
        """
        given = {
            flag: all(key in self for key in FLAG_OF if FLAG_OF[key] == flag)
            for flag in FLAG_OF.values()
        }
        columns = {}
        for key, (kinds, shape) in REQUIRED_COLUMNS.items():
            value = np.nan if key in _UNKNOWN else given.get(key, 0)
            if key == 'gender':
                value = NEUTRAL
            column = self.columns.get(key)
            if column is None:
                column = np.full((len(self), *shape), value)
            columns[key] = _cast(column, kinds)
        for key, (kinds, _) in OPTIONAL_COLUMNS.items():
            if key in self:
                columns[key] = _cast(self[key], kinds)
        return columns


def _cast(column: np.ndarray, kinds: str) -> np.ndarray:
    # Sequences and people are numbers or names, whichever the data set has.
    if kinds == 'Uiu':
        kinds = 'U' if column.dtype.kind == 'U' else 'iu'
    return column.astype(_DTYPES[kinds])
