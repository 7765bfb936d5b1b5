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
    temporary = path.with_name(f'{path.name}.partial')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
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
