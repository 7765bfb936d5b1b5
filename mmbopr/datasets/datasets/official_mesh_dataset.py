"""Data sets that have a name, and subsets that have one."""

from typing import Callable, Dict, Mapping

import numpy as np

from ..annotations import AnnotationError
from .body_mesh_dataset import BodyMeshDataset

Columns = Mapping[str, np.ndarray]
Choice = Callable[[Columns], np.ndarray]


def whole(columns: Columns) -> np.ndarray:
    """All rows."""
    return np.ones(len(columns['img_path']), bool)


class OfficialMeshDataset(BodyMeshDataset):
    """A known data set, of which a named subset is used.

    The subset's name is the ``split`` in the metainfo, unless given.

    Args:
        ann_file: What the data set's converter wrote.
        *args: See :class:`BodyMeshDataset`.
        subset: Key of :attr:`SUBSETS`.
        **kwargs: See :class:`BodyMeshDataset`.

    Attributes:
        NAME: What the column ``dataset`` says.
        SUBSETS: How to choose the rows of each subset: from all columns to
            (N,) bool.  A choice raises LookupError if the file cannot
            answer.

    Raises:
        ValueError: If there is no such subset.
        AnnotationError: At full initialisation, if the file is of another
            data set, cannot tell the subset or has no row of it.
    """

    NAME: str = ''
    SUBSETS: Dict[str, Choice] = {'all': whole}

    def __init__(self, ann_file: str, *args, subset: str = 'all', **kwargs):
        if subset not in self.SUBSETS:
            raise ValueError(
                f'{type(self).__name__} has no subset {subset!r}, choose '
                f'from {sorted(self.SUBSETS)}'
            )
        self.subset = subset
        super().__init__(ann_file, *args, **kwargs)

    def load_data_list(self) -> np.ndarray:
        """Open the annotation file and choose the subset.

        Returns:
            np.ndarray: (N,) numbers of the chosen rows.
        """
        self._metainfo.setdefault('split', self.subset)
        rows = super().load_data_list()
        found = self.annotations.dataset_name
        if found != self.NAME:
            raise AnnotationError(
                f'{self.ann_file}: {type(self).__name__} is for {self.NAME}, '
                f'the file holds {found}. Check ann_file, or use '
                f'BodyMeshDataset, which takes any'
            )
        chosen = self._choose()
        if not chosen.any():
            raise AnnotationError(
                f'{self.ann_file}: none of its {len(rows)} rows is in subset '
                f'{self.subset!r}. Check the split that was converted'
            )
        return rows[chosen]

    def _choose(self) -> np.ndarray:
        try:
            return self.SUBSETS[self.subset](self.annotations.columns)
        except LookupError as error:
            raise AnnotationError(
                f'{self.ann_file}: subset {self.subset!r} cannot be chosen: '
                f'{error.args[0]}. Convert the whole data set with '
                f'tools/dataset_converters/'
            ) from error


def column(columns: Columns, key: str) -> np.ndarray:
    """An optional column; LookupError if the file lacks it."""
    if key not in columns:
        raise LookupError(f'there is no column {key!r}')
    return columns[key]


def of_split(name: str) -> Choice:
    """Rows of an official split."""
    return lambda columns: column(columns, 'split') == name
