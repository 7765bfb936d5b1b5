import json

import pytest

from mmbopr.visualization.training_log import (
    read_training_log,
    seconds_by_epoch,
)


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


def test_one_file_of_one_run(tmp_path):
    path = write(tmp_path, '20260101_120000', [train(10, 5.0)])
    write(tmp_path, '20260101_180000', [train(20, 4.0)])
    assert read_training_log(path).train['loss'].steps.tolist() == [10]


def test_seconds_by_epoch(tmp_path):
    records = [
        dict(loss=1.0, epoch=epoch, step=step, time=time)
        for step, (epoch, time) in enumerate(
            [(1, 9.0), (1, 2.0), (1, 4.0), (2, 8.0), (2, 3.0), (3, 5.0)]
        )
    ]
    write(tmp_path, '20260101_120000', records)
    log = read_training_log(tmp_path)
    seconds = {k: v.tolist() for k, v in seconds_by_epoch(log).items()}
    assert seconds == {1: [2.0, 4.0], 2: [3.0], 3: [5.0]}
    assert seconds_by_epoch(log, True)[1].tolist() == [9.0, 2.0, 4.0]


def test_a_training_by_iterations_is_one_epoch(tmp_path):
    records = [dict(loss=1.0, step=x, time=0.5 * x) for x in (1, 2, 3)]
    write(tmp_path, '20260101_120000', records)
    seconds = seconds_by_epoch(read_training_log(tmp_path))
    assert seconds[1].tolist() == [1.0, 1.5] and len(seconds) == 1


def test_a_log_without_times(tmp_path):
    write(tmp_path, '20260101_120000', [train(10, 5.0)])
    with pytest.raises(ValueError, match='IterTimerHook'):
        seconds_by_epoch(read_training_log(tmp_path))
