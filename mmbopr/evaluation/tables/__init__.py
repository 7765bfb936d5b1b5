"""The paper's tables, filled from dumps.

What was measured here stands above the paper's own figures, which are in
``paper_tables.json`` with what is known to be wrong about them.  Nothing is
shown without the protocol that it was measured under.
"""

from .building import PAPER_TABLES, Entry, build_table
from .formats import FORMATS
from .table import Cell, Group, Row, Table

__all__ = [
    'FORMATS',
    'PAPER_TABLES',
    'Cell',
    'Entry',
    'Group',
    'Row',
    'Table',
    'build_table',
]
