"""A training in stages, each of which starts from the weights of the last."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Optional, Sequence

from mmengine.config import Config

from .checkpoints import is_complete, latest_checkpoint


class RecipeError(ValueError):
    """The stages of a recipe do not follow each other."""


@dataclass(frozen=True)
class Stage:
    """One config of a recipe.

    Attributes:
        config: The config file.
        final: The checkpoint that is there when the stage is finished; its
            folder is that of the stage.
        load_from: Where the weights come from when the config is run by
            itself.
    """

    config: str
    final: Path
    load_from: Optional[str]

    @classmethod
    def from_config(cls, cfg: Config) -> 'Stage':
        """The stage that a config with a ``work_dir`` describes.

        Raises:
            RecipeError: If it does not say how long to train.
        """
        train_cfg = cfg.get('train_cfg') or {}
        for unit in ('iter', 'epoch'):
            length = train_cfg.get(f'max_{unit}s')
            if length is not None:
                final = Path(cfg.work_dir, f'{unit}_{length}.pth')
                return cls(cfg.filename, final, cfg.get('load_from'))
        raise RecipeError(
            f'{cfg.filename}: train_cfg has neither max_iters nor max_epochs'
        )

    @property
    def name(self) -> str:
        """What the stage and its folder are called."""
        return Path(self.config).stem

    @property
    def finished(self) -> bool:
        """Whether the final checkpoint is there, and complete.

        It is written before the last evaluation, which no later stage needs.
        """
        return is_complete(self.final)

    @property
    def latest(self) -> Optional[Path]:
        """The checkpoint that the stage would go on from."""
        return latest_checkpoint(self.final.parent)


def check_order(stages: Sequence[Stage]) -> None:
    """Require that no config asks for other weights than the recipe's.

    Raises:
        RecipeError: If ``load_from`` of a stage lies in another folder than
            that of the stage before, or if two stages have one folder.
    """
    names = [stage.name for stage in stages]
    for name in names:
        if names.count(name) > 1:
            raise RecipeError(
                f'{names.count(name)} stages are called {name}; they would '
                'share a folder. Rename their configs'
            )
    for previous, stage in pairwise(stages):
        wanted = stage.load_from
        if wanted is not None and Path(wanted).parent.name != previous.name:
            raise RecipeError(
                f'{stage.name} is to start from {previous.name}, but its '
                f'config says load_from={wanted!r}. Put the stages in order, '
                f'without a gap, or correct load_from: '
                f"'work_dirs/{previous.name}/{previous.final.name}'"
            )


def first_weights(stage: Stage, root: Path) -> Optional[str]:
    """Where the first stage of a list gets its weights from.

    Args:
        stage: The first one listed; the stages before it may be finished.
        root: Folder with the folders of all stages.

    Returns:
        str: File or address; None if the stage starts from scratch.

    Raises:
        RecipeError: If the file is missing or not complete.
    """
    if stage.load_from is None or '://' in stage.load_from:
        return stage.load_from
    wanted = Path(stage.load_from)
    for path in (root / wanted.parent.name / wanted.name, wanted):
        if is_complete(path):
            return str(path)
    raise RecipeError(
        f'{stage.name} starts from {wanted.parent.name}/{wanted.name}, but '
        f'there is no complete checkpoint of that name in {root}, nor '
        f'{wanted}. Name the config of the stage before it, too; if that is '
        'finished, it is skipped'
    )
