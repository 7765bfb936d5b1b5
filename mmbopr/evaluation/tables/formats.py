"""Tables as Markdown, LaTeX and HTML."""

from html import escape
from typing import Callable, Dict, List, Sequence, Tuple

import numpy as np

from .table import Cell, Table

MEASURED = 'measured here'
REFERENCE = "the paper's figures"
_UNIT = 'mm'


def as_markdown(table: Table) -> str:
    """GitHub's Markdown; headings of groups are the first row."""

    def mark(notes: Tuple[int, ...]) -> str:
        return f'<sup>{_numbers(notes)}</sup>' if notes else ''

    heads = [_UNIT]
    for group in table.groups:
        heads += [group.title + mark(group.notes)]
        heads += [''] * (len(group.metrics) - 1)
    lines = [
        heads,
        ['---', *['---:'] * (len(heads) - 1)],
        ['', *[f'**{metric}**' for metric in _metrics(table)]],
    ]
    for title, rows in _parts(table):
        lines.append([f'*{title}*', *[''] * (len(heads) - 1)])
        lines += [
            [row.name + mark(row.notes), *_numbers_of(row.cells, mark)]
            for row in rows
        ]
    body = '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)
    notes = '\n'.join(
        f'{number}. {text}' for number, text in enumerate(table.notes, 1)
    )
    return f'**{table.title}**\n\n{body}\n\n{notes}\n'


def as_latex(table: Table) -> str:
    """A ``table`` environment that needs no package."""

    def mark(notes: Tuple[int, ...]) -> str:
        return f'$^{{{_numbers(notes)}}}$' if notes else ''

    groups = [
        rf'\multicolumn{{{len(group.metrics)}}}{{c}}'
        f'{{{_tex(group.title)}{mark(group.notes)}}}'
        for group in table.groups
    ]
    metrics = [_tex(metric) for metric in _metrics(table)]
    lines = [
        r'\begin{table}',
        rf'\caption{{{_tex(table.title)}, in {_UNIT}}}',
        rf'\begin{{tabular}}{{l{"r" * len(metrics)}}}',
        r'\hline',
        ' & '.join(['', *groups]) + r' \\',
        ' & '.join(['', *metrics]) + r' \\',
    ]
    for title, rows in _parts(table):
        lines += [r'\hline', rf'\textit{{{_tex(title)}}} \\']
        for row in rows:
            cells = [_tex(row.name) + mark(row.notes)]
            cells += _numbers_of(row.cells, mark)
            lines.append(' & '.join(cells) + r' \\')
    lines += [r'\hline', r'\end{tabular}', '', r'\footnotesize']
    lines += [
        rf'$^{{{number}}}$ {_tex(text)}\par'
        for number, text in enumerate(table.notes, 1)
    ]
    return '\n'.join([*lines, r'\end{table}', ''])


def as_html(table: Table) -> str:
    """A ``<div>`` with the table and its footnotes."""

    def mark(notes: Tuple[int, ...]) -> str:
        return f'<sup>{_numbers(notes)}</sup>' if notes else ''

    groups = ''.join(
        f'<th colspan="{len(group.metrics)}">{escape(group.title)}'
        f'{mark(group.notes)}</th>'
        for group in table.groups
    )
    metrics = ''.join(f'<th>{escape(m)}</th>' for m in _metrics(table))
    body = ''
    for title, rows in _parts(table):
        span = 1 + len(_metrics(table))
        body += f'<tr><td colspan="{span}"><em>{escape(title)}</em></td></tr>'
        for row in rows:
            cells = ''.join(
                f'<td>{cell}</td>' for cell in _numbers_of(row.cells, mark)
            )
            name = escape(row.name) + mark(row.notes)
            body += f'<tr><td>{name}</td>{cells}</tr>'
    notes = ''.join(f'<li>{escape(text)}</li>' for text in table.notes)
    return (
        f'<div class="panel"><table><thead><tr><th></th>{groups}</tr>'
        f'<tr><th>{_UNIT}</th>{metrics}</tr></thead><tbody>{body}</tbody>'
        f'</table><ol class="lead">{notes}</ol></div>'
    )


FORMATS: Dict[str, Callable[[Table], str]] = {
    'md': as_markdown,
    'latex': as_latex,
    'html': as_html,
}


def _metrics(table: Table) -> List[str]:
    """Names of all columns; parts and axes stand for themselves."""
    return [
        metric.removeprefix('MPJPE_')
        for group in table.groups
        for metric in group.metrics
    ]


def _parts(table: Table):
    """Headings of the table's two parts, and their rows."""
    for title, measured in ((MEASURED, True), (REFERENCE, False)):
        rows = [row for row in table.rows if row.measured is measured]
        if rows:
            yield title, rows


def _numbers(notes: Tuple[int, ...]) -> str:
    return ', '.join(map(str, sorted(notes)))


def _numbers_of(cells: Sequence[Cell], mark: Callable) -> List[str]:
    """``68.8 [67.1, 70.5]``; a dash where there is none."""
    texts = []
    for cell in cells:
        if cell.value is None:
            texts.append('-')
            continue
        text = f'{cell.value:.1f}'
        if np.isfinite(cell.low):
            text += f' [{cell.low:.1f}, {cell.high:.1f}]'
        texts.append(text + mark(cell.notes))
    return texts


def _tex(text: str) -> str:
    """Escape what LaTeX would take for a command."""
    for character in '\\&%$#_{}':
        escaped = r'\textbackslash ' if character == '\\' else '\\' + character
        text = text.replace(character, escaped)
    return text
