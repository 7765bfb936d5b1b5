"""Finding the checkpoint to go on from; whether one fits a model."""

import re
import zipfile
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Dict, Iterator, Optional, Union

from mmengine.runner import CheckpointLoader, load_checkpoint
from torch import nn

from mmbopr.body_models import BodyMismatchError

PathType = Union[str, Path]

_NAME = re.compile(r'(?:epoch|iter)_(\d+)\.pth')
# Of what does not fit, so much is quoted.
_MAX_LINES, _MAX_COLUMNS = 8, 160


class CheckpointError(RuntimeError):
    """A checkpoint does not fit a model."""


class TornCheckpointError(ValueError):
    """A file is no checkpoint, or not all of one."""


def is_complete(checkpoint: PathType) -> bool:
    """Whether a file is a checkpoint that was written to its end.

    A checkpoint is a zip file with a pickle; its directory comes last.
    """
    try:
        with zipfile.ZipFile(checkpoint) as archive:
            return any(x.endswith('/data.pkl') for x in archive.namelist())
    except (FileNotFoundError, zipfile.BadZipFile):
        return False


def check_complete(checkpoint: PathType) -> None:
    """Refuse a file that is no checkpoint, or a torn one.

    Raises:
        TornCheckpointError: If it is such a file; one that is missing, or an
            address, passes.
    """
    if Path(checkpoint).is_file() and not is_complete(checkpoint):
        raise TornCheckpointError(
            f'{checkpoint} is no checkpoint (of torch 1.6 or later), or a '
            'torn one: get it again'
        )


def load_weights(model: nn.Module, checkpoint: PathType, config: str) -> None:
    """Load all weights of a model, from a file with nothing else in it.

    Args:
        model: Gets the weights.
        checkpoint: File.
        config: What to call the config of the model.

    Raises:
        FileNotFoundError: If there is no such file.
        TornCheckpointError: If it is no checkpoint.
        CheckpointError: If it does not fit the model.
        BodyMismatchError: If it is of another body model.
    """
    check_complete(checkpoint)
    try:
        load_checkpoint(model, str(checkpoint), 'cpu', strict=True)
    except BodyMismatchError as error:
        raise BodyMismatchError(f'{checkpoint}: {error}') from error
    except RuntimeError as error:
        raise CheckpointError(
            f'{checkpoint} does not fit {config}: take the config that it was '
            'trained with; MMEngine copies it to the folder of the run. '
            f'{shorten(str(error))}'
        ) from error


def check_start(model: nn.Module, checkpoint: PathType, config: str) -> None:
    """Refuse weights of another network to start a training from.

    Heads may be new, and weights of them be left over.  But the backbone is
    what is handed on: if most of it is not found, a wrong file was named, and
    MMEngine would only warn.

    Args:
        model: The model; without a ``backbone``, all of it counts.
        checkpoint: File or address.
        config: What to call the config of the model.

    Raises:
        FileNotFoundError: If there is no such file.
        TornCheckpointError: If it is no checkpoint.
        CheckpointError: If it has fewer than half of the backbone's weights,
            by name and shape.
    """
    saved = {
        name.removeprefix('module.'): getattr(value, 'shape', None)
        for name, value in _read_weights(str(checkpoint)).items()
    }
    ours = {
        name.removeprefix('module.'): weights.shape
        for name, weights in model.named_parameters()
    }
    wanted = {k: ours[k] for k in ours if k.startswith('backbone.')} or ours
    found = sum(saved.get(name) == shape for name, shape in wanted.items())
    if found < len(wanted) / 2:
        raise CheckpointError(
            f'{checkpoint} has {found} of the {len(wanted)} weights that '
            f'{config} could start from: it is of another network, or not of '
            'this program. Correct load_from; None starts without'
        )


def _read_weights(checkpoint: str) -> Dict[str, Any]:
    """Of a file or an address, also in the format of old versions of torch."""
    try:
        content = CheckpointLoader.load_checkpoint(checkpoint, 'cpu')
        return content.get('state_dict', content)
    except (
        AttributeError, EOFError, RuntimeError, UnpicklingError,
    ) as error:  # fmt: skip
        raise TornCheckpointError(
            f'{checkpoint} is no checkpoint, or a torn one: get it again'
        ) from error


def shorten(text: str) -> str:
    """The beginning of a long message."""
    lines = [line for line in text.splitlines() if line]
    return '\n'.join(line[:_MAX_COLUMNS] for line in lines[:_MAX_LINES])


def latest_checkpoint(work_dir: PathType) -> Optional[Path]:
    """The last complete checkpoint of a run.

    That is the one which MMEngine's file ``last_checkpoint`` names, or its
    namesake in the folder, which may have been moved or copied.  If the file
    is missing or what it names is gone or torn (the run was killed while it
    overwrote it), the latest other one.

    Args:
        work_dir: Folder of the run; may be missing.

    Returns:
        Path: The checkpoint; None if there is none.
    """
    candidates = _candidates(Path(work_dir))
    return next(filter(is_complete, candidates), None)


def _candidates(work_dir: Path) -> Iterator[Path]:
    """Checkpoints, the most wanted one first."""
    note = work_dir / 'last_checkpoint'
    named = note.read_text().strip() if note.is_file() else ''
    if named:
        namesake = work_dir / Path(named).name
        yield namesake if namesake.exists() else Path(named)
    steps = {
        int(match[1]): path
        for path in work_dir.glob('*.pth')
        if (match := _NAME.fullmatch(path.name))
    }
    for step in sorted(steps, reverse=True):
        yield steps[step]
