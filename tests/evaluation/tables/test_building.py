from dataclasses import replace

import numpy as np
import pytest
from dump_fakes import make_dump

from mmbopr.evaluation import (
    build_protocol,
    drop_failures,
    mean_intervals,
    summarize,
)
from mmbopr.evaluation.tables import PAPER_TABLES, Entry, build_table
from mmbopr.structures import LSP_14_GROUPS

COUNT = 12


def dump(name, seed=0, **facts):
    """A few samples of a benchmark, acknowledged to be few."""
    protocol = {
        **build_protocol(name).facts(),
        'acknowledged_count': COUNT,
        'body_model_id': 'smpl',
        **facts,
    }
    seq = np.array([f's{i % 4}' for i in range(COUNT)])
    return make_dump(COUNT, seed, seq=seq, protocol=protocol)


def row_of(table, name, measured):
    (row,) = [
        r for r in table.rows if r.name == name and r.measured is measured
    ]
    return row


def texts(table, notes):
    return [table.notes[number - 1] for number in notes]


# --- measured rows
def test_numbers_and_intervals_are_those_of_the_dump():
    stage_3 = dump('pw3d_test')
    table = build_table('table1', [Entry('mine', stage_3)])
    row = row_of(table, 'mine', measured=True)
    expected = mean_intervals(stage_3)
    assert [cell.value for cell in row.cells[:3]] == [None] * 3
    for cell, metric in zip(
        row.cells[3:], ('MPJPE', 'PA-MPJPE', 'PVE'), strict=True
    ):
        assert cell[:3] == expected[metric]
        assert cell.value == pytest.approx(summarize(stage_3)[metric])
    (note,) = texts(table, row.notes)
    assert 'protocol pw3d_test, 12 samples' in note
    assert '95 % intervals over 4 sequences' in note
    assert 'the benchmark has 35515 samples' in note
    facts = {**stage_3.protocol, 'acknowledged_count': 2}
    few = replace(stage_3.select([0, 4]), protocol=facts)
    alone = build_table('table1', [Entry('mine', few)])
    (note,) = texts(alone, row_of(alone, 'mine', True).notes)
    assert 'no intervals, there is one sequence' in note


def test_dumps_of_one_name_share_a_row():
    entries = [
        Entry('mine', dump('pw3d_test', 1), 'all'),
        Entry('mine', dump('pw3d_test', 2)),
        Entry('mine too', dump('pw3d_all60', 3)),
    ]
    table = build_table('table1', entries)
    mine, too = (row for row in table.rows if row.measured)
    assert mine.cells[0].value == pytest.approx(
        summarize(entries[0].dump)['MPJPE']
    )
    assert mine.cells[3].value == pytest.approx(
        summarize(entries[1].dump)['MPJPE']
    )
    assert too.cells[3].value is None
    (note,) = texts(table, too.cells[0].notes)
    assert note == 'all 60 sequences, not the test split'
    with pytest.raises(ValueError, match="called 'mine' in column 'test'"):
        build_table('table1', [entries[1], entries[1]])


@pytest.mark.parametrize(
    ('name', 'protocol', 'place'),
    [
        ('table2', 'agora_val', (0, 'MPJPE')),
        ('table3', 'pw3d_test', (3, 'MPJPE_z')),
        ('table4', 'pw3d_occ', (1, 'PA-MPJPE')),
        ('table4', 'oh50k3d_test', (2, 'MPJPE')),
        ('table5', 'pw3d_test', (2, 'PVE')),
        ('table6', 'pw3d_test', (4, 'MPJPE_Ankle')),
    ],
)
def test_each_protocol_has_its_column(name, protocol, place):
    entry = Entry('mine', dump(protocol))
    cells = row_of(build_table(name, [entry]), 'mine', True).cells
    column, metric = place
    expected = summarize(entry.dump)[metric]
    assert cells[column].value == pytest.approx(expected)


def test_another_convention_is_named_in_every_cell():
    table = build_table('table1', [Entry('a', dump('pw3d_test_neutral'))])
    for cell in row_of(table, 'a', True).cells[3:]:
        (note,) = texts(table, cell.notes)
        assert note.startswith('ground truth posed by the neutral body')


def test_failures_are_counted_in_the_note():
    broken = dump('pw3d_test')
    broken.vertex_errors[3] = np.nan
    table = build_table('table1', [Entry('a', drop_failures(broken))])
    (note,) = texts(table, row_of(table, 'a', True).notes)
    assert '11 samples' in note and '1 failed predictions are left out' in note


def test_the_open_body_stands_alone():
    mine = dump(None, body_model_id='open-1')
    table = build_table('table1', [Entry('open', mine)])
    assert all(row.measured for row in table.rows) and len(table.rows) == 1
    assert 'not comparable with the paper' in table.title
    assert not any(group.notes for group in table.groups)
    with pytest.raises(ValueError, match=r"bodies, \['open-1', 'smpl'\]"):
        build_table(
            'table1', [Entry('a', mine), Entry('b', dump('pw3d_test'))]
        )


@pytest.mark.parametrize(
    ('table', 'entry', 'message'),
    [
        (
            'table1',
            Entry('a', dump('pw3d_occ')),
            r"'pw3d_occ' belongs to no column .* a@all=DUMP",
        ),
        (
            'table1',
            Entry('a', dump(None)),
            r"protocol '' belongs to no column",
        ),
        (
            'table1',
            Entry('a', dump('pw3d_test'), 'train'),
            r"no column 'train', choose from \['all', 'test'\]",
        ),
        (
            'table1',
            Entry('a', dump('pw3d_test', acknowledged_count=None)),
            r'holds 12 samples, the benchmark has 35515',
        ),
        (
            'table6',
            Entry('a', dump('agora_val'), 'test'),
            r"has no \['MPJPE_Elbow', .*; evaluate under",
        ),
    ],
)
def test_what_belongs_nowhere_is_refused(table, entry, message):
    with pytest.raises(ValueError, match=message):
        build_table(table, [entry])


# --- the paper's rows
def paper_value(name, row, column, metric):
    paper = PAPER_TABLES[name]
    places = [(c['key'], m) for c in paper['columns'] for m in c['metrics']]
    return paper['rows'][row][places.index((column, metric))]


def weighted_parts(row):
    values = [
        len(LSP_14_GROUPS[part]) * paper_value('table6', row, 'test', metric)
        for metric in PAPER_TABLES['table6']['columns'][0]['metrics']
        for part in [metric.removeprefix('MPJPE_')]
    ]
    return sum(values) / 14


def test_the_paper_is_quoted_and_labelled():
    table = build_table('table1', [Entry('BoPR (HR-W48)', dump('pw3d_test'))])
    row = row_of(table, 'BoPR (HR-W48)', measured=False)
    values = [cell.value for cell in row.cells]
    assert values == [72.0, 45.3, 86.5, 65.4, 42.5, 80.8]
    assert all(np.isnan(cell.low) for cell in row.cells)
    assert len([r for r in table.rows if not r.measured]) == 17
    assert table.rows[0].measured and not table.rows[1].measured


@pytest.mark.parametrize('name', PAPER_TABLES)
def test_rows_are_as_long_as_the_table_and_notes_have_a_place(name):
    paper = PAPER_TABLES[name]
    metrics = [m for c in paper['columns'] for m in c['metrics']]
    assert all(len(row) == len(metrics) for row in paper['rows'].values())
    keys = {column['key'] for column in paper['columns']}
    for note in paper['notes']:
        assert note.get('row') in {None, *paper['rows']}
        assert note.get('column') in {None, *keys}
        assert note.get('metric') in {None, *metrics}
    assert sum('default' in column for column in paper['columns']) == 1
    for column in paper['columns']:
        for protocol in column['accepts']:
            assert build_protocol(protocol).name == protocol


@pytest.mark.parametrize(
    ('name', 'row', 'place', 'tag'),
    [
        ('table1', 'BoPR (HR-W48)', 3, 'A30'),
        ('table1', 'PARE', 3, 'A32'),
        ('table1', 'CLIFF (HR-W48)', 3, 'A34'),
        ('table1', 'BoPR (HR-W32)', 5, 'A37'),
        ('table3', 'PARE (HR-W32)', 3, 'A31'),
        ('table3', 'BoPR (HR-W32)', 3, 'A33'),
        ('table3', 'CLIFF (HR-W48)', 0, 'A34'),
        ('table3', 'BoPR (HR-W48)', 0, 'A30'),
        ('table6', 'PARE', None, 'A32'),
        ('table6', 'BoPR', None, 'A36'),
    ],
)
def test_known_errors_are_flagged_where_they_stand(name, row, place, tag):
    table = build_table(name, [])
    row = row_of(table, row, measured=False)
    notes = row.notes if place is None else row.cells[place].notes
    (note,) = texts(table, notes)
    assert f'({tag})' in note
    if place is not None:
        others = [c for i, c in enumerate(row.cells) if i != place]
        assert not any(f'({tag})' in t for c in others for t in
                       texts(table, c.notes))  # fmt: skip


def test_occlusion_gains_are_flagged_at_their_column():
    table = build_table('table4', [])
    (note,) = texts(table, table.groups[0].notes)
    assert '(A35)' in note and '(A37)' in note


def test_what_the_notes_say_follows_from_the_tables():
    def gain(name, base, new, column, metric):
        base = paper_value(name, base, column, metric)
        return 100 * (1 - paper_value(name, new, column, metric) / base)

    assert weighted_parts('PARE') == pytest.approx(78.9, abs=0.05)
    assert weighted_parts('BoPR') == pytest.approx(69.1, abs=0.05)
    pare = 'PARE (HR-W32)'
    z, total = (
        paper_value('table3', pare, 'test', m) for m in ('MPJPE_z', 'MPJPE')
    )
    assert z > total
    for model, axis, occluded in (
        ('BoPR (HR-W32)', 10.0, (3.8, 13.9)),
        ('BoPR (HR-W48)', 7.1, (12.1, 16.0)),
    ):
        cliff = gain('table3', 'CLIFF (HR-W48)', model, 'test', 'MPJPE_z')
        assert cliff == pytest.approx(axis, abs=0.06)
        gains = [
            gain('table4', pare, model, 'occ', metric)
            for metric in ('MPJPE', 'PA-MPJPE')
        ]
        assert gains == pytest.approx(occluded, abs=0.06)
    small = {
        part: paper_value('table6', 'PARE', 'test', f'MPJPE_{part}')
        - paper_value('table6', 'BoPR', 'test', f'MPJPE_{part}')
        for part in LSP_14_GROUPS
    }
    small = {k: v for k, v in small.items() if v < 10}
    assert small == pytest.approx(
        dict(Hip=0.8, Knee=8.4, Elbow=9.9, Shoulder=9.6)
    )
