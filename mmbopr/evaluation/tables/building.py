"""From dumps to tables."""

import json
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from ..dump import EvaluationDump
from ..statistics import mean_intervals, sampling_units
from .table import Cell, Group, Row, Table

PAPER_TABLES: Dict[str, Dict[str, Any]] = json.loads(
    Path(__file__).with_name('paper_tables.json').read_text('utf-8')
)


class Entry(NamedTuple):
    """A measured method.

    Attributes:
        name: What its row is called; equal names share a row.
        dump: Without failures.
        column: Key of the group of columns that it belongs to; None takes
            the one of the dump's protocol.
    """

    name: str
    dump: EvaluationDump
    column: Optional[str] = None


def build_table(name: str, entries: Sequence[Entry]) -> Table:
    """Fill a table.

    Args:
        name: ``'table1'`` to ``'table6'``.
        entries: What was measured. If it is on another body than SMPL, the
            paper's figures are left out: they do not compare.

    Raises:
        ValueError: If a dump belongs to no column, two claim one, or bodies
            differ.
    """
    paper = PAPER_TABLES[name]
    comparable = _on_smpl(entries)
    table = Table(paper['title'])
    if not comparable:
        table.title += ', on another body: not comparable with the paper'
    for column in paper['columns']:
        notes = sum(
            (
                table.note(note['text'])
                for note in paper['notes']
                if comparable and _is_about(note, column=column['key'])
            ),
            (),
        )
        table.groups.append(Group(column['title'], column['metrics'], notes))
    table.rows += _measured_rows(table, paper['columns'], entries)
    if comparable:
        table.rows += _paper_rows(table, paper)
    return table


def _on_smpl(entries: Sequence[Entry]) -> bool:
    bodies = {e.dump.protocol.get('body_model_id', 'smpl') for e in entries}
    if len(bodies) > 1:
        raise ValueError(
            f'the dumps are on different bodies, {sorted(bodies)}, which do '
            'not compare; make a table of each'
        )
    return bodies <= {'smpl'}


# --- what was measured
def _measured_rows(
    table: Table, columns: List[dict], entries: Sequence[Entry]
) -> List[Row]:
    found: Dict[str, Dict[str, Entry]] = {}
    for entry in entries:
        column = _column_of(columns, entry)
        row = found.setdefault(entry.name, {})
        if column in row:
            raise ValueError(
                f'two dumps are called {entry.name!r} in column {column!r}; '
                'give them names: NAME@COLUMN=DUMP'
            )
        row[column] = entry
    rows = []
    for name, row in found.items():
        cells, notes = [], ()
        for column in columns:
            entry = row.get(column['key'])
            cells += _measured_cells(table, column, entry)
            notes += table.note(_describe(column, entry) if entry else '')
        rows.append(Row(name, True, cells, notes))
    return rows


def _column_of(columns: List[dict], entry: Entry) -> str:
    """Key of the group of columns that a dump belongs to."""
    keys = [column['key'] for column in columns]
    if entry.column is not None:
        if entry.column not in keys:
            raise ValueError(
                f'{entry.name}: there is no column {entry.column!r}, choose '
                f'from {keys}'
            )
        return entry.column
    protocol = entry.dump.protocol.get('name', '')
    fitting = [c for c in columns if protocol in c['accepts']]
    if not fitting and not _on_smpl([entry]):
        fitting = columns
    if not fitting:
        accepted = sorted({name for c in columns for name in c['accepts']})
        raise ValueError(
            f'{entry.name}: protocol {protocol!r} belongs to no column of '
            f'this table; evaluate under one of {accepted}, or say where it '
            f'goes: {entry.name}@{keys[0]}=DUMP'
        )
    default = [column for column in fitting if column.get('default')]
    return (default or fitting)[0]['key']


def _measured_cells(
    table: Table, column: dict, entry: Optional[Entry]
) -> List[Cell]:
    if entry is None:
        return [Cell()] * len(column['metrics'])
    intervals = mean_intervals(entry.dump)
    _check_count(entry)
    missing = [m for m in column['metrics'] if m not in intervals]
    if missing:
        raise ValueError(
            f'{entry.name}: the dump has no {missing}, only '
            f'{sorted(intervals)}; evaluate under a protocol of this table'
        )
    protocol = entry.dump.protocol.get('name', '')
    note = table.note(column['accepts'].get(protocol, ''))
    return [Cell(*intervals[m], note) for m in column['metrics']]


def _check_count(entry: Entry) -> None:
    """Refuse part of a benchmark, unless somebody knows why."""
    protocol = entry.dump.protocol
    count = len(entry.dump) + protocol.get('num_failed', 0)
    expected = protocol.get('expected_count', count)
    if count not in (expected, protocol.get('acknowledged_count')):
        raise ValueError(
            f'{entry.name}: the dump holds {count} samples, the benchmark has '
            f'{expected}; evaluate all of it, or say that you know about the '
            f'difference: acknowledged_count={count}'
        )


def _describe(column: dict, entry: Entry) -> str:
    """The protocol of a dump, as a footnote."""
    dump, protocol = entry.dump, entry.dump.protocol
    units, unit = sampling_units(dump)
    number = len(np.unique(units))
    parts = [
        f'{column["title"]}: protocol {protocol.get("name") or "unnamed"}',
        f'{len(dump)} samples',
        f'95 % intervals over {number} {unit}s'
        if number > 1
        else f'no intervals, there is one {unit}',
    ]
    expected = protocol.get('expected_count', len(dump))
    failed = protocol.get('num_failed', 0)
    if expected != len(dump) + failed:
        parts.append(f'the benchmark has {expected} samples')
    if failed:
        parts.append(f'{failed} failed predictions are left out')
    if dump.degenerate is not None and dump.degenerate.any():
        parts.append(f'{dump.degenerate.sum()} bodies are a single point')
    for key in ('joint_set', 'root', 'gt_gender', 'pve_align', 'bbox_source',
                'bbox_scale', 'body_model_id', 'checkpoint'):  # fmt: skip
        if key in protocol:
            parts.append(f'{key} {protocol[key]}')
    return ', '.join(parts)


# --- what the paper has
def _paper_rows(table: Table, paper: dict) -> List[Row]:
    places = [
        (column['key'], metric)
        for column in paper['columns']
        for metric in column['metrics']
    ]
    rows = []
    for name, values in paper['rows'].items():
        cells = [
            Cell(value, notes=_notes(table, paper, name, column, metric))
            for value, (column, metric) in zip(values, places, strict=True)
        ]
        rows.append(Row(name, False, cells, _notes(table, paper, name)))
    return rows


def _notes(
    table: Table,
    paper: dict,
    row: str,
    column: Optional[str] = None,
    metric: Optional[str] = None,
) -> Tuple[int, ...]:
    """Footnotes to a row's name, or to one of its cells."""
    place = dict(row=row, column=column, metric=metric)
    place = {key: value for key, value in place.items() if value}
    texts = [n['text'] for n in paper['notes'] if _is_about(n, **place)]
    return sum(map(table.note, texts), ())


def _is_about(note: Dict[str, str], **place: str) -> bool:
    """Whether a footnote is to exactly this place."""
    return {k: v for k, v in note.items() if k != 'text'} == place
