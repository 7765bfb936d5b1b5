"""What converters of a single npz file share."""

from pathlib import Path
from typing import List, Tuple, Union

from mmbopr.body_models.smpl_files import has_smpl_file
from mmbopr.structures import GENDERS

from .base_converter import DatasetConverter, Unit


class NpzConverter(DatasetConverter):
    """A row for every entry of one npz file of another project.

    Args:
        root: Folder that the file's image paths start from.
        split: ``'all'``.
        body_model: See :class:`DatasetConverter`.
        file: The npz file.
        partial: See :class:`DatasetConverter`.

    Attributes:
        origin: Where such files come from, for who has none.
    """

    splits = ('all',)
    genders = ('neutral',)
    origin: str

    def __init__(
        self,
        root: Union[str, Path],
        split: str = 'all',
        body_model: Union[str, Path] = 'open',
        *,
        file: Union[str, Path],
        partial: bool = False,
    ):
        super().__init__(root, split, body_model, partial=partial)
        self.file = Path(file)

    def body_files(self) -> List[Path]:
        """Those of the genders that are there; the neutral one must be."""
        self.genders = _genders_there(self.body_model)
        return super().body_files()

    def units(self) -> List[Unit]:
        """The file."""
        if not self.file.is_file():
            raise FileNotFoundError(f'{self.file}: not found. {self.origin}')
        return [Unit(self.file)]


def _genders_there(body_model: str) -> Tuple[str, ...]:
    """The neutral gender, and those whose SMPL files are there."""
    there = [x for x in GENDERS if has_smpl_file(body_model, x)]
    return tuple(dict.fromkeys(('neutral', *there)))
