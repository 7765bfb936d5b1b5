"""The Slurm scripts, against a ``srun`` that writes down how it is called."""

import os
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / 'tools'
SRUN = """#!/bin/sh
printf '%s\\n' "$MASTER_PORT" "$PYTHONPATH" "$@" > "$CALL"
exit "${RESULT:-0}"
"""


@pytest.fixture
def run(tmp_path):
    """Function that runs a script: port, path and arguments of srun."""
    (tmp_path / 'srun').write_text(SRUN)
    (tmp_path / 'srun').chmod(0o755)
    unset = ('GPUS', 'GPUS_PER_NODE', 'CPUS_PER_TASK', 'PORT', 'SRUN_ARGS')
    outside = {k: v for k, v in os.environ.items() if k not in unset}
    outside |= {
        'PATH': f'{tmp_path}{os.pathsep}{os.environ["PATH"]}',
        'CALL': str(tmp_path / 'call'),
    }

    def run(script, *arguments, result=0, **env):
        done = subprocess.run(
            [TOOLS / script, *arguments],
            env=outside | env | {'RESULT': str(result)},
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == result
        port, path, *call = (tmp_path / 'call').read_text().splitlines()
        assert path.split(':')[0] == str(TOOLS.parent)
        return port, call

    return run


def test_training_on_one_machine(run):
    port, call = run(
        'slurm_train.sh', 'gpu', 'my job', 'c.py', 'work', '--amp', GPUS='4'
    )
    assert port == '29500'
    assert call == [
        '--partition=gpu',
        '--job-name=my job',
        '--gres=gpu:4',
        '--ntasks=4',
        '--ntasks-per-node=4',
        '--cpus-per-task=5',
        '--kill-on-bad-exit=1',
        *('python', '-u', str(TOOLS / 'train.py'), 'c.py'),
        *('--work-dir', 'work', '--amp', '--launcher', 'slurm'),
    ]


def test_training_on_several_machines(run):
    port, call = run(
        *('slurm_train.sh', 'gpu', 'job', 'c.py', 'work'),
        GPUS='16',
        CPUS_PER_TASK='8',
        PORT='29600',
        SRUN_ARGS='--quotatype=spot  --exclude=node7',
    )
    assert port == '29600'
    assert call[2:9] == [
        '--gres=gpu:8',
        '--ntasks=16',
        '--ntasks-per-node=8',
        '--cpus-per-task=8',
        '--kill-on-bad-exit=1',
        '--quotatype=spot',
        '--exclude=node7',
    ]


def test_evaluation(run):
    options = ('--cfg-options', 'a=1', 'b=two words')
    _, call = run('slurm_test.sh', 'gpu', 'job', 'c.py', 'e.pth', *options)
    assert call[2:5] == ['--gres=gpu:8', '--ntasks=8', '--ntasks-per-node=8']
    assert call[7:] == [
        *('python', '-u', str(TOOLS / 'test.py'), 'c.py', 'e.pth'),
        *options,
        *('--launcher', 'slurm'),
    ]


def test_the_exit_code_is_that_of_the_job(run):
    run('slurm_test.sh', 'gpu', 'job', 'c.py', 'e.pth', result=3)
