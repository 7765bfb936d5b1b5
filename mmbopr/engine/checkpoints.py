"""Finding the checkpoint to go on from."""

import re
import zipfile
from pathlib import Path
from typing import Iterator, Optional, Union

_NAME = re.compile(r'(?:epoch|iter)_(\d+)\.pth')


def is_complete(checkpoint: Union[str, Path]) -> bool:
    """Whether a file is a checkpoint that was written to its end.

    A checkpoint is a zip file, whose directory comes last.
    """
    try:
        with zipfile.ZipFile(checkpoint):
            return True
    except (FileNotFoundError, zipfile.BadZipFile):
        return False


def latest_checkpoint(work_dir: Union[str, Path]) -> Optional[Path]:
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
