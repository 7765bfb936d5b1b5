"""The command; curves and times are tested in tests/visualization."""

import json

import cv2
import pytest

from mmbopr.visualization.training_figure import UnknownKeyError


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/analyze_logs.py')


@pytest.fixture
def work_dir(tmp_path):
    """Two epochs of three logged iterations, and their validations."""
    records = []
    for epoch, times in enumerate(([9.0, 2.0, 4.0], [9.0, 1.0, 1.0]), 1):
        for time in times:
            step = len(records) + 1
            records.append(
                dict(loss=1 / step, time=time, epoch=epoch, step=step)
            )
        records.append({'mesh/MPJPE': 100 / epoch, 'step': epoch})
    path = tmp_path / 'work/20260101_120000/vis_data/scalars.json'
    path.parent.mkdir(parents=True)
    path.write_text('\n'.join(map(json.dumps, records)))
    return tmp_path / 'work'


def test_curves_become_a_picture(tool, work_dir, tmp_path, capsys):
    out = tmp_path / 'curves.png'
    file = work_dir / '20260101_120000/vis_data/scalars.json'
    tool.main(
        [
            'plot_curve', str(work_dir), str(file), '--out', str(out),
            '--keys', 'loss', 'mesh/MPJPE', '--legend', 'a', 'b', 'c', 'd',
        ]
    )  # fmt: skip
    assert capsys.readouterr().out == f'Wrote {out}\n'
    assert cv2.imread(str(out)).std() > 10


def test_unknown_keys_leave_no_picture(tool, work_dir, tmp_path):
    out = tmp_path / 'curves.png'
    with pytest.raises(UnknownKeyError, match=r"'acc'.*'mesh/MPJPE'"):
        tool.main(
            ['plot_curve', str(work_dir), '--keys', 'acc', '--out', str(out)]
        )
    assert not out.exists()


def test_times(tool, work_dir, capsys):
    tool.main(['cal_train_time', str(work_dir)])
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f'{work_dir}: seconds an iteration',
        '  slowest epoch 1: 3.0000 on average',
        '  fastest epoch 2: 1.0000 on average',
        '  deviation between epochs: 1.0000',
        '  average of 2 epochs: 2.0000',
    ]
    tool.main(['cal_train_time', str(work_dir), '--include-outliers'])
    assert 'slowest epoch 1: 5.0000' in capsys.readouterr().out
