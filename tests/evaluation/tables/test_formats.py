from html.parser import HTMLParser

import pytest

from mmbopr.evaluation.tables import FORMATS, Cell, Group, Row, Table

MINE = [Cell(68.84, 67.1, 70.5), Cell(), Cell(1.0)]
TABLE = Table(
    'Table 0: a & b',
    [Group('one_two', ['MPJPE', 'PVE'], (1,)), Group('three', ['MPJPE_x'])],
    [
        Row('mine <b>', True, MINE, (2,)),
        Row('theirs', False, [Cell(70.0, notes=(1, 2)), Cell(9.96), Cell()]),
    ],
    ['first', '100 % of it'],
)  # fmt: skip


class Cells(HTMLParser):
    """Texts of the cells of each row of a table."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.open = [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == 'tr':
            self.rows.append([])
        elif tag in ('td', 'th'):
            self.rows[-1].append('')

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if 'td' in self.open or 'th' in self.open:
            self.rows[-1][-1] += data


def test_markdown():
    assert FORMATS['md'](TABLE) == (
        '**Table 0: a & b**\n\n'
        '| mm | one_two<sup>1</sup> |  | three |\n'
        '| --- | ---: | ---: | ---: |\n'
        '|  | **MPJPE** | **PVE** | **x** |\n'
        '| *measured here* |  |  |  |\n'
        '| mine <b><sup>2</sup> | 68.8 [67.1, 70.5] | - | 1.0 |\n'
        "| *the paper's figures* |  |  |  |\n"
        '| theirs | 70.0<sup>1, 2</sup> | 10.0 | - |\n\n'
        '1. first\n2. 100 % of it\n'
    )


def test_latex():
    text = FORMATS['latex'](TABLE)
    assert r'\caption{Table 0: a \& b, in mm}' in text
    assert r'\begin{tabular}{lrrr}' in text
    assert r' & \multicolumn{2}{c}{one\_two$^{1}$} & \mul' in text
    assert r'mine <b>$^{2}$ & 68.8 [67.1, 70.5] & - & 1.0 \\' in text
    assert r'theirs & 70.0$^{1, 2}$ & 10.0 & - \\' in text
    assert r'$^{2}$ 100 \% of it\par' in text
    assert text.count('{') == text.count('}')


def test_html():
    assert Cells(FORMATS['html'](TABLE)).rows == [
        ['', 'one_two1', 'three'],
        ['mm', 'MPJPE', 'PVE', 'x'],
        ['measured here'],
        ['mine <b>2', '68.8 [67.1, 70.5]', '-', '1.0'],
        ["the paper's figures"],
        ['theirs', '70.01, 2', '10.0', '-'],
    ]


@pytest.mark.parametrize('name', FORMATS)
def test_a_part_without_rows_is_left_out(name):
    table = Table('t', TABLE.groups, TABLE.rows[:1])
    text = FORMATS[name](table)
    assert 'measured here' in text and 'paper' not in text
