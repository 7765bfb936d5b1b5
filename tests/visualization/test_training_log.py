import json

import pytest

from mmbopr.visualization.training_log import read_training_log


def write(work_dir, time_stamp, records):
    path = work_dir / time_stamp / 'vis_data/scalars.json'
    path.parent.mkdir(parents=True)
    path.write_text('\n'.join(map(json.dumps, records)) + '\n')
    return path


def train(step, loss):
    return dict(loss=loss, loss_pose=loss / 2, epoch=1, step=step)


def test_resumed_run_replaces_what_was_lost(tmp_path):
    write(
        tmp_path,
        '20260101_120000',
        [
            train(10, 5.0), train(20, 4.0), {'mesh/MPJPE': 90.0, 'step': 1},
            train(30, 9.0), train(40, 9.0), {'mesh/MPJPE': 99.0, 'step': 2},
        ],
    )  # fmt: skip
    # Resumed from step 20 with another log interval.
    write(
        tmp_path,
        '20260101_180000',
        [train(25, 3.0), train(45, 2.0), {'mesh/MPJPE': 80.0, 'step': 2}],
    )
    log = read_training_log(tmp_path)
    assert log.train['loss'].steps.tolist() == [10, 20, 25, 45]
    assert log.train['loss'].values.tolist() == [5.0, 4.0, 3.0, 2.0]
    assert log.train['loss_pose'].values.tolist() == [2.5, 2.0, 1.5, 1.0]
    assert log.val['mesh/MPJPE'].steps.tolist() == [1, 2]
    assert log.val['mesh/MPJPE'].values.tolist() == [90.0, 80.0]


def test_unfinished_last_line_is_left_out(tmp_path):
    path = write(tmp_path, '20260101_120000', [train(10, 5.0)])
    path.write_text(path.read_text() + '{"loss": 3.')
    assert read_training_log(tmp_path).train['loss'].steps.tolist() == [10]


def test_broken_line_names_file_and_line(tmp_path):
    path = write(tmp_path, '20260101_120000', [train(10, 5.0)])
    path.write_text('oops\n' + path.read_text())
    with pytest.raises(ValueError, match=r'scalars\.json, line 1.*oops'):
        read_training_log(tmp_path)


def test_empty_folder_says_what_to_pass(tmp_path):
    with pytest.raises(FileNotFoundError, match='--work-dir'):
        read_training_log(tmp_path)
