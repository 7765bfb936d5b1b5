"""What the doctor says of one thing that a config needs."""

from pathlib import Path
from typing import NamedTuple

from mmbopr.utils.digest import sha256

_DIGITS = 12  # of a digest, to be compared by eye


class Finding(NamedTuple):
    """One thing that a config needs.

    Attributes:
        what: What it is, and where.
        good: Whether it is there and as it should be.
        details: Size, digest, counts.
        remedy: Where to get it and where to put it, or what to do.
    """

    what: str
    good: bool
    details: str = ''
    remedy: str = ''

    def __str__(self) -> str:
        lines = [f'  {"ok" if self.good else "MISSING OR WRONG"}  {self.what}']
        lines += [f'      {x}' for x in (self.details, self.remedy) if x]
        return '\n'.join(lines)


def describe_file(path: Path) -> str:
    """Size and digest."""
    return (
        f'{megabytes(path.stat().st_size)}, sha256 {sha256(path)[:_DIGITS]}...'
    )


def megabytes(size: float) -> str:
    """Bytes as text."""
    return f'{size / 1e6:,.1f} MB'
