"""What determines a synthetic data set, and recognising one on disk."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from .pose_prior import PRESETS

GENERATOR_VERSION = 2
SPLITS = ('train', 'test')


@dataclass(frozen=True)
class Settings:
    """What determines every byte of a data set.

    Attributes:
        seed: Any non-negative integer.
        preset: Key of ``pose_prior.PRESETS``.
        num_train: People in ``train.npz``.
        num_test: People in ``test.npz``.
    """

    seed: int
    preset: str
    num_train: int
    num_test: int

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise ValueError(
                f'preset must be one of {sorted(PRESETS)}, got {self.preset!r}'
            )
        if min(self.num_train, self.num_test, self.seed) < 0 or not (
            self.num_train + self.num_test
        ):
            raise ValueError(
                'seed, num_train and num_test must not be negative and at '
                f'least one person must be asked for, got {self}'
            )

    def count(self, split: str) -> int:
        """Number of people of a split."""
        return {'train': self.num_train, 'test': self.num_test}[split]


def is_made(folder: Path, settings: Settings) -> bool:
    """Whether a folder already holds exactly this data set.

    Args:
        folder: May be missing or empty.
        settings: What determines the data set.

    Returns:
        bool: True if so, False if the folder is free.

    Raises:
        FileExistsError: If it holds anything else.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return False
    expected = {**asdict(settings), 'generator_version': GENERATOR_VERSION}
    splits = [s for s in SPLITS if settings.count(s)]
    files = [folder / f'{split}.npz' for split in splits]
    for file in files:
        found = {}
        if file.exists():
            with np.load(file) as data:
                found = {k: data[k].item() for k in expected if k in data}
        if found != expected:
            raise FileExistsError(
                f'{folder} holds something else: expected {file.name} with '
                f'{expected}, found {found or "no such file"}. Delete the '
                'folder or choose another one.'
            )
    return True
