"""What converters of all data sets share."""

import logging
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Tuple, Union

import numpy as np
from mmengine.logging import print_log

from mmbopr.body_models import GenderedSMPL

from . import posing
from .raw_files import ConversionError, find_input, list_inputs, picture_size
from .rows import Rows

_NAMES_SHOWN = 3
_SLICE_BYTES = 20_000_000


class Unit(NamedTuple):
    """A piece of work: an input file, or one of equal slices of it."""

    path: Path
    index: int = 0
    count: int = 1

    @classmethod
    def slices(cls, path: Path) -> List['Unit']:
        """A file of many records in slices, for several processes."""
        count = 1 + path.stat().st_size // _SLICE_BYTES
        return [cls(path, index, count) for index in range(count)]

    def slice_of(self, num_records: int) -> slice:
        """The records of the file that belong to this piece."""
        start, stop = self.index, self.index + 1
        return slice(
            start * num_records // self.count, stop * num_records // self.count
        )


class KnownCount(NamedTuple):
    """How many people others found in a split.

    Attributes:
        stage: 'read', before any is left out, or 'rows'.
        count: How many.
        source: Who says so.
        certain: Whether another count is an error, or only worth a warning.
    """

    stage: str
    count: int
    source: str
    certain: bool = True


class DatasetConverter(ABC):
    """From the official files of a data set to rows of the unified format.

    A subclass names its input files and reads one of them.  Running it over
    all, resuming and writing is :mod:`.conversion`'s work.

    Args:
        root: Folder of the data set, as downloaded.
        split: One of :attr:`splits`.
        body_model: ``'open'``, or the folder with the SMPL files, to which
            the parameters of the official files belong.
        partial: Whether the folder holds only a part of the data set: people
            without a picture are left out, and counts are not checked.

    Attributes:
        name: What the column ``dataset`` says.
        tool: What its file in ``tools/dataset_converters`` is called;
            as ``name`` by default.
        page: Where the data set comes from.
        splits: The splits that there are, the default first.
        version: Raised when the same files give other rows.
        genders: Whose SMPL files are needed; none for data sets without
            body parameters.
        known: Counts to compare with, by split.

    Raises:
        ValueError: If there is no such split.
    """

    name: str
    tool: str = ''
    page: str
    splits: Tuple[str, ...]
    version: int = 1
    genders: Tuple[str, ...] = ('neutral',)
    known: Mapping[str, Tuple[KnownCount, ...]] = {}

    def __init__(
        self,
        root: Union[str, Path],
        split: str,
        body_model: Union[str, Path] = 'open',
        *,
        partial: bool = False,
    ):
        if split not in self.splits:
            raise ValueError(
                f'{self.name} has no split {split!r}, only {self.splits}'
            )
        self.root = Path(root)
        self.split = split
        self.body_model = str(body_model)
        self.partial = partial

    @abstractmethod
    def units(self) -> List[Unit]:
        """All pieces of work, in the order of their rows.

        Raises:
            FileNotFoundError: If an input is missing.
        """

    @abstractmethod
    def read(self, unit: Unit) -> Rows:
        """The rows of one piece of work.

        Args:
            unit: One of :meth:`units`.

        Returns:
            Rows: Without ``img_hw`` and ``dataset``.

        Raises:
            ConversionError: If the file is not what it should be.
        """

    def convert(self, unit: Unit) -> Rows:
        """The rows of one piece of work, complete and checked."""
        rows = self.read(unit)
        if 'dataset' not in rows:
            rows['dataset'] = np.full(len(rows), self.name)
        drop_unusable(rows)
        self._measure_pictures(rows)
        drop_outside(rows)
        return rows

    # --- helpers of subclasses
    @property
    def body(self) -> GenderedSMPL:
        """The bodies of all genders."""
        return posing.load_body(self.body_model)

    def find(self, name: str) -> Path:
        """See :func:`.raw_files.find_input`."""
        return find_input(self.root, name, self.page)

    def list(self, folder: str, pattern: str) -> List[Path]:
        """See :func:`.raw_files.list_inputs`."""
        return list_inputs(self.root, folder, pattern, self.page)

    # --- what decides the result
    def body_files(self) -> List[Path]:
        """The body model's files; raises FileNotFoundError if one lacks."""
        if not self.genders:
            return []
        return posing.body_files(self.body_model, self.genders)

    def settings(self) -> Dict[str, Any]:
        """What decides the rows, next to the inputs and the body's files."""
        return {
            'dataset': self.name,
            'version': self.version,
            'split': self.split,
            'body_model_id': posing.body_model_id(self.body_model),
            'partial': self.partial,
        }

    def check_counts(self, found: Mapping[str, int]) -> None:
        """Compare with the counts of others.

        Args:
            found: How many people were 'read', and how many are 'rows'.

        Raises:
            ConversionError: If a certain count differs and the folder is not
                said to be a part.
        """
        for stage, count, source, certain in self.known.get(self.split, ()):
            if found[stage] == count:
                continue
            message = (
                f'{self.name} {self.split}: {count} people ({stage}) are '
                f'expected according to {source}, found {found[stage]}'
            )
            if certain and not self.partial:
                raise ConversionError(
                    f'{message}. Compare the files in {self.root} with the '
                    f'download page {self.page}; if they are meant to be a '
                    f'part of the data set, say --partial'
                )
            print_log(message, 'current', logging.WARNING)

    def _measure_pictures(self, rows: Rows) -> None:
        """Add the pictures' sizes; their headers are read for that."""
        if not len(rows):
            return
        names, inverse = np.unique(rows['img_path'], return_inverse=True)
        there = np.array([(self.root / name).is_file() for name in names])
        if not there.all():
            self._report_missing(names[~there], len(names))
            rows.drop(~there[inverse], 'picture missing')
            inverse = inverse[there[inverse]]
        sizes = [
            picture_size(self.root / name) if found else (0, 0)
            for name, found in zip(names, there, strict=True)
        ]
        rows['img_hw'] = np.array(sizes, np.int64)[inverse]

    def _report_missing(self, names: np.ndarray, num_pictures: int) -> None:
        if self.partial:
            return
        try:
            self.find(names[0])
        except FileNotFoundError as error:
            shown = ', '.join(names[:_NAMES_SHOWN])
            raise FileNotFoundError(
                f'{error}. {len(names)} of {num_pictures} pictures are '
                f'missing ({shown}{", ..." if len(names) > 3 else ""}). To '
                f'convert the people whose pictures are there, say --partial'
            ) from None


def drop_unusable(rows: Rows) -> None:
    """Leave out rows with labels that are no numbers, or without a box."""
    rows.drop_not_numbers('body parameters', 'pose', 'betas')
    rows.drop_not_numbers('joints', 'kp3d', 'kp2d')
    if len(rows):
        # Written so that NaN, which compares false, is left out too.
        rows.drop(~(rows['bbox_cs'][:, 2] > 0), 'no box')


def drop_outside(rows: Rows) -> None:
    """Leave out rows whose box does not touch the picture."""
    if not len(rows):
        return
    centre, half = rows['bbox_cs'][:, :2], rows['bbox_cs'][:, 2:] / 2
    inside = (centre + half > 0) & (centre - half < rows['img_hw'][:, ::-1])
    rows.drop(~inside.all(1), 'box outside the picture')
