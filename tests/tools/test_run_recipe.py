"""tools/run_recipe.py, run in this process; its trainings are real ones.

They cost seconds each, nearly all of them imports: one test has them all.
"""

import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import HOOKS
from mmengine.runner import CheckpointLoader

from mmbopr.engine.recipe import RecipeError
from mmbopr.engine.stage_lock import lock_stage
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
    tiny_stage_options,
)
from mmbopr.utils import bound_process

ROOT = Path(__file__).parents[2]
MIXED = 'open/recipe/bopr_resnet18_1xb16-120it_open-mixed-96x96.py'
KILLER = """
import os, signal
from mmengine.hooks import Hook
from mmengine.registry import HOOKS

@HOOKS.register_module()
class KillWhenTold(Hook):
    def before_train_iter(self, runner, batch_idx, data_batch=None):
        if str(runner.iter) == os.environ.get('KILL_AT'):
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope='module')
def configs(tmp_path_factory):
    """Two stages: an epoch, then seven iterations on a mixture."""
    folder = tmp_path_factory.mktemp('configs')
    data = make_tiny_data(folder / 'people')
    (folder / 'killer.py').write_text(KILLER)
    stages = {
        'first': (TINY_BASE, tiny_options(data) | {'train_cfg.max_epochs': 1}),
        'second': (
            MIXED,
            tiny_stage_options(data, num_sources=3)
            | {
                'train_cfg.max_iters': 7,
                'default_hooks.checkpoint.interval': 2,
                'custom_imports.imports': ['killer'],
                'custom_hooks.0.type': 'KillWhenTold',
                'load_from': 'work_dirs/first/epoch_1.pth',
            },
        ),
    }
    for name, (config, options) in stages.items():
        cfg = Config.fromfile(ROOT / 'configs' / config)
        cfg.merge_from_dict(options)
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.dump(folder / f'{name}.py')
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)  # for killer.py
        yield [folder / f'{name}.py' for name in stages]
    HOOKS.module_dict.pop('KillWhenTold', None)
    sys.modules.pop('killer', None)


@pytest.fixture
def run(monkeypatch, configs):
    """Function that runs the tool; returns what it exits with."""
    monkeypatch.setenv('LOCAL_RANK', '0')  # set by the tool; undone later
    monkeypatch.setenv('OMP_NUM_THREADS', '1')
    monkeypatch.setenv('PYTHONPATH', str(configs[0].parent))

    def run(*arguments):
        tool = ROOT / 'tools/run_recipe.py'
        monkeypatch.setattr(sys, 'argv', [str(tool), *map(str, arguments)])
        try:
            runpy.run_path(str(tool), run_name='__main__')
        except SystemExit as exit:
            return exit.code
        return 0

    return run


@pytest.fixture
def commands(monkeypatch):
    """Trainings that would have been started; they do nothing."""
    started = []

    def pretend(command, *_):
        started.append(command)
        return 0

    monkeypatch.setattr(bound_process, 'run_bound', pretend)
    return started


def weights(checkpoint):
    return CheckpointLoader.load_checkpoint(str(checkpoint))['state_dict']


def test_a_killed_recipe_goes_on(run, configs, tmp_path, monkeypatch, capfd):
    """Killed in the sixth iteration of stage 2, beside one without a break."""
    killed, straight = tmp_path / 'killed', tmp_path / 'straight'
    monkeypatch.setenv('KILL_AT', '5')
    assert run(*configs, '--work-dir', killed) == 137
    out, err = capfd.readouterr()
    assert 'stage 1 of 2, first: from scratch' in out
    assert f'stage 2 of 2, second: from {killed}/first/epoch_1.pth' in out
    assert err.splitlines()[-1] == (
        'stage 2 of 2, second: failed with exit code -9. The same command '
        f'goes on from {killed}/second/iter_4.pth.'
    )
    shutil.copytree(killed / 'first', straight / 'first')
    monkeypatch.delenv('KILL_AT')

    assert run(*configs, '--work-dir', killed) == 0
    out, err = capfd.readouterr()
    assert 'stage 1 of 2, first: finished before, skipped' in out
    assert f'stage 2 of 2, second: from {killed}/second/iter_4.pth' in out
    assert 'resumed epoch: 0, iter: 4' in out + err
    final = killed / 'second/iter_7.pth'
    assert out.splitlines()[-1] == f'all 2 stages are finished: {final}'

    assert run(*configs, '--work-dir', straight) == 0
    out, err = capfd.readouterr()
    assert f'stage 2 of 2, second: from {straight}/first/epoch_1.pth' in out
    assert 'resumed epoch' not in out + err
    ours, theirs = weights(final), weights(straight / 'second/iter_7.pth')
    assert ours.keys() == theirs.keys()
    for name, weight in theirs.items():
        torch.testing.assert_close(
            ours[name], weight, rtol=1e-6, atol=1e-6, msg=name
        )
    started = weights(straight / 'first/epoch_1.pth')
    assert any((theirs[name] != started[name]).any() for name in theirs)


# --- being killed
def test_the_training_ends_with_the_recipe(configs, tmp_path):
    tool = shutil.copy(ROOT / 'tools/run_recipe.py', tmp_path)
    (tmp_path / 'train.py').write_text('import time; time.sleep(60)')
    stage = tmp_path / 'root/first'
    recipe = subprocess.Popen(
        [sys.executable, tool, configs[0], '--work-dir', stage.parent],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert recipe.stdout.readline().startswith(b'stage 1 of 1, first')
    lock = stage / 'train.lock'
    while not (lock.is_file() and lock.read_text()):
        time.sleep(0.05)
    with pytest.raises(RecipeError, match=f'process {recipe.pid}'):
        with lock_stage(stage):
            pytest.fail('two trainings in one folder')
    recipe.send_signal(signal.SIGTERM)
    assert recipe.wait(10) == 143
    # The training holds the pipe and the lock: both are free now.
    assert recipe.stdout.read() == b''
    with lock_stage(stage):
        pass


# --- what is started
def test_processes_are_launched_together(run, commands, configs, tmp_path):
    root, (first, _) = tmp_path / 'root', configs
    run(
        first, '--work-dir', root, '--gpus', 2,
        '--cfg-options', 'train_cfg.max_epochs=3', 'randomness.seed=7',
    )  # fmt: skip
    assert commands == [
        [
            sys.executable, '-m', 'torch.distributed.run', '--standalone',
            '--nproc_per_node=2', str(ROOT / 'tools/train.py'), str(first),
            '--work-dir', str(root / 'first'), '--resume',
            '--launcher', 'pytorch', '--cfg-options',
            'train_cfg.max_epochs=3', 'randomness.seed=7', 'load_from=None',
        ]
    ]  # fmt: skip


def test_a_later_stage_starts_from_a_finished_one(
    run, commands, configs, tmp_path
):
    message = run(configs[1], '--work-dir', tmp_path)
    assert commands == []
    assert message.startswith(
        'error: second starts from first/epoch_1.pth, but there is no '
        f'complete checkpoint of that name in {tmp_path}'
    )
    (tmp_path / 'first').mkdir()
    torch.save({}, tmp_path / 'first/epoch_1.pth')
    run(configs[1], '--work-dir', tmp_path)
    (command,) = commands
    assert command[-1] == f'load_from={tmp_path}/first/epoch_1.pth'


# --- mistakes
def test_a_second_recipe_is_refused(run, commands, configs, tmp_path):
    with lock_stage(tmp_path / 'first'):
        message = run(*configs, '--work-dir', tmp_path)
    assert commands == []
    assert message.startswith(f'error: {tmp_path}/first/train.lock is locked')


def test_the_wrong_order_is_refused(run, commands, configs, tmp_path):
    config = tmp_path / 'third.py'
    config.write_text(
        f"_base_ = '{configs[1]}'\nload_from = 'work_dirs/second/iter_7.pth'\n"
    )
    message = run(configs[0], config, '--work-dir', tmp_path)
    assert commands == []
    assert message.startswith('error: third is to start from first, but its')


def test_a_stage_must_leave_its_last_checkpoint(
    run, commands, configs, tmp_path
):
    message = run(*configs, '--work-dir', tmp_path)
    assert len(commands) == 1
    assert message.startswith(
        'error: stage 1 of 2, first: ended without its last checkpoint '
        f'{tmp_path}/first/epoch_1.pth'
    )


def test_all_configs_are_checked_first(run, commands, configs, tmp_path):
    config = tmp_path / 'second.py'
    config.write_text(f"_base_ = '{configs[1]}'\ntrain_cgf = dict()\n")
    message = run(configs[0], config, '--work-dir', tmp_path)
    assert commands == []
    assert "unknown key 'train_cgf'" in message
