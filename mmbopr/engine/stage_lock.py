"""One training a folder."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from .recipe import RecipeError

LOCK_NAME = 'train.lock'


@contextmanager
def lock_stage(folder: Path) -> Iterator[int]:
    """Keep a second training out of a folder.

    The system drops the lock with the last process that holds it, however
    that ends; the file stays and means nothing by itself.

    Args:
        folder: Of the stage; made if missing.

    Yields:
        int: File descriptor. A child that inherits it holds the lock, too,
        even when this process is killed.

    Raises:
        RecipeError: If another training holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK_NAME
    with open(path, 'a+') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            raise RecipeError(
                f'{path} is locked: process {holder}, or a training that it '
                f'left, writes to {folder}. Wait until it ends, or stop it '
                f'(kill {holder}), or give another --work-dir'
            ) from None
        file.truncate(0)
        file.write(f'{os.getpid()}\n')
        file.flush()
        yield file.fileno()
