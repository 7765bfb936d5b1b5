"""Files that are either complete or not there."""

import os
from contextlib import contextmanager
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
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'{path.name}.partial')
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
