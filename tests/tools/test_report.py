"""tools/report.py and tools/score_predictions.py, run in this process."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets.annotations import AnnotationFile
from mmbopr.evaluation import (
    compare_dumps,
    read_dump,
    score_predictions,
    summarize,
    write_dump,
)
from mmbopr.testing.people import make_people
from mmbopr.utils.rotation import axis_angle_to_matrix

TOOLS = Path(__file__).parents[2] / 'tools'
NUM_PEOPLE = 5


@pytest.fixture(scope='module')
def tools():
    """Function that loads a tool, with its neighbours in reach."""
    sys.path.insert(0, str(TOOLS))

    def load(name):
        spec = importlib.util.spec_from_file_location(
            name, TOOLS / f'{name}.py'
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield load
    sys.path.remove(str(TOOLS))


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """People, predictions that turn a wrist, and the same as a dump."""
    folder = tmp_path_factory.mktemp('report')
    ann_file = make_people(folder, NUM_PEOPLE, image_size=(96, 72))
    rows = AnnotationFile(ann_file).columns
    pose = np.array(rows['pose'])
    pose[:, 18] += 0.4
    np.savez(
        folder / 'theirs.npz', pose=pose, betas=rows['betas'],
        body_model_id='open-1', method='Wrist',
    )  # fmt: skip
    for name, scale in (('good', 0.5), ('bad', 2.0)):
        pose = np.array(rows['pose'])
        pose[:, 18] += scale
        dump = score_predictions(
            GenderedSMPL('open'), rows['pose'], rows['betas'], rows['gender'],
            axis_angle_to_matrix(torch.from_numpy(pose)), rows['betas'],
            facts=dict(config=f'{name}.py'), frame=rows['frame'],
            person=rows['person'], visible=np.ones((NUM_PEOPLE, 14), bool),
        )  # fmt: skip
        write_dump(dump, str(folder / f'{name}.npz'))
    return folder


def score(folder):
    return [
        f'--ann-file={folder / "people.npz"}', '--body-model=open',
    ]  # fmt: skip


def row(text, name):
    """Cells of a row of a Markdown table."""
    (line,) = [x for x in text.splitlines() if x.startswith(f'| {name}')]
    return [cell.strip() for cell in line.strip('|').split('|')]


def test_predictions_become_a_dump(tools, folder, tmp_path, capsys):
    out = tmp_path / 'dump.npz'
    tools('score_predictions').main(
        [str(folder / 'theirs.npz'), *score(folder), f'--dump={out}']
    )
    text = capsys.readouterr().out
    dump = read_dump(str(out))
    printed = json.loads(text[text.index('{') : text.rindex('}') + 1])
    assert printed == summarize(dump)
    assert f'{NUM_PEOPLE} samples, 0 failed' in text
    assert dump.protocol['method'] == 'Wrist'
    assert dump.protocol['dataset_name'] == 'stick-figures'
    assert len(dump.protocol['data_sha256']) == 64


def test_a_table_of_dumps_and_predictions(tools, folder, capsys):
    tools('report').main(
        [
            'table1', str(folder / 'good.npz'), f'Bad={folder / "bad.npz"}',
            str(folder / 'theirs.npz'), *score(folder),
        ]
    )  # fmt: skip
    text = capsys.readouterr().out
    metrics = summarize(read_dump(str(folder / 'bad.npz')))
    cells = row(text, 'Bad')
    assert cells[1:4] == ['-', '-', '-']
    for cell, key in zip(cells[4:], ('MPJPE', 'PA-MPJPE', 'PVE'), strict=True):
        assert cell.startswith(f'{metrics[key]:.1f} [')
    assert row(text, 'good') and row(text, 'Wrist')
    assert 'not comparable with the paper' in text and 'VIBE' not in text


@pytest.mark.parametrize(
    ('form', 'start'),
    [
        ('md', '**Table 6'),
        ('latex', '\\begin{table}'),
        ('html', '<!DOCTYPE html>'),
    ],
)
def test_formats_are_written_to_files(tools, folder, tmp_path, form, start):
    out = tmp_path / 'new' / f'table.{form}'
    tools('report').main(
        [
            'table6',
            str(folder / 'good.npz'),
            f'--format={form}',
            f'--out={out}',
        ]
    )
    text = out.read_text()
    assert text.startswith(start) and 'Ankle' in text
    if form == 'html':
        assert 'tools/report.py' in text and 'demo_report' not in text


def test_a_comparison(tools, folder, capsys):
    paths = [str(folder / f'{name}.npz') for name in ('good', 'bad')]
    tools('report').main(['compare', *paths])
    text = capsys.readouterr().out
    expected = compare_dumps(*map(read_dump, paths)).differences['MPJPE']
    cells = row(text, 'MPJPE |')
    assert cells[1] == f'{expected.first:.1f}'
    assert cells[3].startswith(f'{expected.difference:+.1f} [')
    assert cells[5] == f'{expected.p_value:.4f}'
    with pytest.raises(ValueError, match='two dumps, found 1'):
        tools('report').main(['compare', paths[0]])


def test_a_breakdown(tools, folder, capsys):
    tools('report').main(['breakdown', str(folder / 'good.npz')])
    text = capsys.readouterr().out
    metrics = summarize(read_dump(str(folder / 'good.npz')))
    assert row(text, 'PA-PVE')[1] == f'{metrics["PA-PVE"]:.1f}'
    assert row(text, '(none)')[1] == str(NUM_PEOPLE)
    assert row(text, 'visible')[1] == str(14 * NUM_PEOPLE)
    assert '| hidden' not in text and 'nan' not in text
    assert 'mm/frame^2 over 3 frames between two others' in text


def test_predictions_without_truth_are_refused(tools, folder):
    with pytest.raises(ValueError, match=r'theirs\.npz: .*give --ann-file'):
        tools('report').main(['table1', str(folder / 'theirs.npz')])
    (folder / 'text.npz').write_text('68.8')
    with pytest.raises(ValueError, match=r'text\.npz: expected an evaluation'):
        tools('report').main(['table1', str(folder / 'text.npz')])
