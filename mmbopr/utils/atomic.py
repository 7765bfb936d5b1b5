"""Files that are either complete or not there."""

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator, Union


@contextmanager
def replace_when_complete(path: Union[str, Path]) -> Iterator[Path]:
    """Write beside a file and take its place at the end.

    Args:
        path: The file; missing folders are made.

    Yields:
        Path: Where to write. After an error nothing is left there, and what
        was at ``path`` before stays.

    Raises:
        OSError: If the system does not let it be written; names ``path``.
    """
    path = Path(path)
    with _partial(path) as temporary:
        yield temporary
        os.replace(temporary, path)


def check_writable(path: Union[str, Path]) -> None:
    """Refuse what :func:`replace_when_complete` would, hours later.

    Args:
        path: The file; missing folders are made.

    Raises:
        OSError: If the system does not let it be written; names ``path``.
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f'{path} is a folder, name a file')
    with _partial(path) as temporary:
        temporary.touch()


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """The file beside ``path``, which is gone at the end."""
    temporary = path.with_name(f'{path.name}.partial')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
    except OSError as error:
        if not _is_about(error, temporary):
            raise
        raise type(error)(
            error.errno,
            f'cannot write here ({error.strerror}), choose another place',
            str(path),
        ) from error
    finally:
        # A folder that cannot be written to has nothing to remove.
        with suppress(OSError):
            temporary.unlink()


def _is_about(error: OSError, temporary: Path) -> bool:
    """Whether the system refused the file or a folder it lies in."""
    if error.errno is None:
        return False
    # Of a full disk, it does not say where.
    if error.filename is None:
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return Path(error.filename) in (temporary, *temporary.parents)
