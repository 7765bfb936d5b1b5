"""tools/train.py and tools/test.py as their users run them.

A run costs seconds, nearly all of them imports: tests share them.
"""

import hashlib
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.runner import CheckpointLoader

from mmbopr.evaluation import read_dump, summarize
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    as_arguments,
    make_tiny_data,
    tiny_options,
)

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / 'configs' / TINY_BASE
KILLER = """
import os, signal
from mmengine.hooks import Hook
from mmengine.registry import HOOKS

@HOOKS.register_module()
class KillBefore(Hook):
    def __init__(self, iteration):
        self.iteration = iteration

    def before_train_iter(self, runner, batch_idx, data_batch=None):
        if runner.iter == self.iteration:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def run(*command, **env):
    """Run a tool, from a folder that vanishes with what it leaves there."""
    paths = [str(Path(sys.executable).parent), os.environ['PATH']]
    path = os.pathsep.join(paths)
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            [*map(str, command)],
            cwd=folder,
            env={**os.environ, 'OMP_NUM_THREADS': '1', 'PATH': path, **env},
            capture_output=True,
            text=True,
            check=False,
        )


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return str(listener.getsockname()[1])


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    return make_tiny_data(tmp_path_factory.mktemp('people'))


@pytest.fixture(scope='module')
def train(data):
    """Function that trains the tiny model in a folder."""

    def start(work_dir, *arguments, config=CONFIG, options=(), env=()):
        options = as_arguments(tiny_options(data) | dict(options))
        return run(
            sys.executable, ROOT / 'tools/train.py', config, *arguments,
            '--work-dir', work_dir, '--cfg-options', *options, **dict(env),
        )  # fmt: skip

    return start


@pytest.fixture(scope='module')
def trained(train, tmp_path_factory):
    """Folder of two epochs without a break."""
    folder = tmp_path_factory.mktemp('trained')
    result = train(folder)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope='module')
def evaluated(trained, data, tmp_path_factory):
    """Folder with everything that tools/test.py can write."""
    folder = tmp_path_factory.mktemp('evaluated')
    result = run(
        sys.executable, ROOT / 'tools/test.py', CONFIG,
        trained / 'epoch_2.pth', '--work-dir', folder / 'logs',
        '--dump', folder / 'dumps/test.npz', '--out', folder / 'metrics.json',
        '--show-dir', folder / 'pictures', '--cfg-options',
        *as_arguments(tiny_options(data)),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return folder


def load(checkpoint):
    return CheckpointLoader.load_checkpoint(str(checkpoint))


def losses(work_dir):
    """Logged losses of a run, one dict an iteration that was logged."""
    (path,) = Path(work_dir).glob('*/vis_data/scalars.json')
    rows = map(json.loads, path.read_text().splitlines())
    return [row for row in rows if 'loss' in row]


# --- training
def test_training_leaves_checkpoints_and_a_config(trained):
    names = {path.name for path in trained.iterdir()}
    assert {'epoch_1.pth', 'epoch_2.pth', CONFIG.name} <= names
    assert len(list(trained.glob('best_mesh_PA-MPJPE_epoch_*.pth'))) == 1
    assert (
        Path((trained / 'last_checkpoint').read_text()).name == 'epoch_2.pth'
    )
    checkpoint = load(trained / 'epoch_2.pth')
    assert checkpoint['meta']['epoch'] == 2 and checkpoint['meta']['iter'] == 4
    assert [row['epoch'] for row in losses(trained)] == [1, 2]


def test_a_killed_run_is_resumed_to_the_same_weights(train, trained, tmp_path):
    """Killed in the middle of epoch 2, before its second iteration."""
    (tmp_path / 'killer.py').write_text(KILLER)
    config = tmp_path / 'killed.py'
    config.write_text(
        f"_base_ = '{CONFIG}'\n"
        "custom_imports = dict(imports=['killer'])\n"
        "default_hooks = dict(kill=dict(type='KillBefore', iteration=3))\n"
    )
    work_dir = tmp_path / 'work'
    killed = train(work_dir, config=config, env={'PYTHONPATH': str(tmp_path)})
    assert killed.returncode == -9, killed.stderr
    assert (work_dir / 'epoch_1.pth').is_file()
    assert not (work_dir / 'epoch_2.pth').exists()

    resumed = train(work_dir, '--resume')
    assert resumed.returncode == 0, resumed.stderr
    assert 'resumed epoch: 1, iter: 2' in resumed.stdout + resumed.stderr
    ours, straight = (
        load(folder / 'epoch_2.pth') for folder in (work_dir, trained)
    )
    assert ours['state_dict'].keys() == straight['state_dict'].keys()
    for name, weight in straight['state_dict'].items():
        torch.testing.assert_close(
            ours['state_dict'][name], weight, rtol=1e-6, atol=1e-6, msg=name
        )
    assert ours['param_schedulers'] == straight['param_schedulers']


def test_parts_are_swapped_on_the_command_line(train, tmp_path):
    """The run is in mixed precision, too."""
    swap = {
        'model.neck.type': 'TowerAttentionGuidedEncoder',
        'model.head.type': 'CrossAttentionBARHead',
        'model.head.loss_pose.type': 'BetasLoss',
        'train_cfg.max_epochs': 1,
    }
    result = train(tmp_path, '--amp', '--no-validate', options=swap)
    assert result.returncode == 0, result.stderr
    log = result.stdout + result.stderr
    assert "type='mmbopr.BFloat16OptimWrapper'" in log
    assert 'Epoch(val)' not in log
    (row,) = losses(tmp_path)
    assert 0 < row['loss'] < 1e4
    model = Config.fromfile(tmp_path / CONFIG.name).model
    assert model.head.loss_pose.type == 'BetasLoss'
    names = load(tmp_path / 'epoch_1.pth')['state_dict']
    assert any(name.startswith('head.body_projection') for name in names)
    assert any('tower' in name for name in names)


def test_two_processes_train_one_model(data, tmp_path):
    options = tiny_options(data) | {
        'train_cfg.max_epochs': 1,
        'train_dataloader.batch_size': 2,
    }
    result = run(
        ROOT / 'tools/dist_train.sh', CONFIG, 2, '--work-dir', tmp_path,
        '--cfg-options', *as_arguments(options), PORT=free_port(),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    checkpoint = load(tmp_path / 'epoch_1.pth')
    assert checkpoint['meta']['iter'] == 2  # 8 people / (2 x 2)
    weights = checkpoint['state_dict'].values()
    assert all(torch.isfinite(x.float()).all() for x in weights)
    (row,) = losses(tmp_path)
    assert 0 < row['loss'] < 1e4


# --- evaluating
def test_metrics_and_dump_hold_the_same_numbers(evaluated, trained, data):
    metrics = json.loads((evaluated / 'metrics.json').read_text())
    dump = read_dump(str(evaluated / 'dumps/test.npz'))
    assert len(dump) == 5
    assert {f'mesh/{k}': v for k, v in summarize(dump).items()} == metrics
    direct = np.linalg.norm(dump.joint_errors, axis=-1).mean() * 1000
    assert metrics['mesh/MPJPE'] == pytest.approx(direct, rel=1e-5)
    protocol = dump.protocol
    assert protocol['body_model_id'] == 'open-1' and protocol['count'] == 5
    for key, path in (
        ('checkpoint_sha256', trained / 'epoch_2.pth'),
        ('data_sha256', data / 'test/people.npz'),
    ):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert protocol[key] == digest
    assert protocol['checkpoint'] == 'epoch_2.pth'
    assert protocol['config'] == CONFIG.name


def test_pictures_are_written(evaluated):
    pictures = list((evaluated / 'pictures').rglob('*.*'))
    assert len(pictures) == 5
    assert all(p.suffix in ('.jpg', '.png') for p in pictures)


def test_two_processes_measure_the_same(evaluated, trained, data, tmp_path):
    """Five people on two processes: one of them is scored twice."""
    result = run(
        ROOT / 'tools/dist_test.sh', CONFIG, trained / 'epoch_2.pth', 2,
        '--work-dir', tmp_path, '--out', tmp_path / 'metrics.json',
        '--dump', tmp_path / 'test.npz', '--cfg-options',
        *as_arguments(tiny_options(data)), PORT=free_port(),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    ours = json.loads((tmp_path / 'metrics.json').read_text())
    alone = json.loads((evaluated / 'metrics.json').read_text())
    assert ours == pytest.approx(alone, rel=1e-6)
    np.testing.assert_allclose(
        read_dump(str(tmp_path / 'test.npz')).joint_errors,
        read_dump(str(evaluated / 'dumps/test.npz')).joint_errors,
        atol=1e-6,
    )


def test_an_evaluation_is_compared_with_another(evaluated, trained, data):
    result = run(
        sys.executable, ROOT / 'tools/test.py', CONFIG,
        trained / 'epoch_1.pth', '--work-dir', evaluated / 'logs',
        '--compare', evaluated / 'dumps/test.npz', '--cfg-options',
        *as_arguments(tiny_options(data)),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    (line,) = (x for x in result.stdout.splitlines() if x[:9] == '| MPJPE |')
    first, second = (
        summarize(read_dump(str(evaluated / path)))['MPJPE']
        for path in ('dumps/test.npz', 'logs/compared.npz')
    )
    assert line.startswith(f'| MPJPE | {first:.1f} | {second:.1f} |')
    assert f'{second - first:+.1f}' in line
    assert '5 samples; drawn are' in result.stdout


# --- mistakes
def complaint(monkeypatch, tool, *arguments):
    """What a tool that refuses to start says, run in this process."""
    monkeypatch.setenv('LOCAL_RANK', '0')  # set by the tools; undone later
    monkeypatch.setattr(sys, 'argv', [tool, *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(ROOT / 'tools' / tool), run_name='__main__')
    return caught.value.code


def test_a_misspelt_section_is_one_line_on_stderr(tmp_path):
    config = tmp_path / 'config.py'
    config.write_text(f"_base_ = '{CONFIG}'\ntrain_cgf = dict(max_epochs=1)\n")
    result = run(sys.executable, ROOT / 'tools/train.py', config)
    assert result.returncode == 1
    assert 'Traceback' not in result.stderr
    assert result.stderr.splitlines()[-1] == (
        f"error: {config}: unknown key 'train_cgf'. Did you mean 'train_cfg'?"
    )


def test_a_misspelt_argument_is_named_with_its_place(monkeypatch):
    message = complaint(
        monkeypatch, 'train.py', CONFIG, '--cfg-options',
        'model.neck.part_chanels=64',
    )  # fmt: skip
    assert message == (
        f'error: {CONFIG}: model.neck.part_chanels is not an argument of '
        "AttentionGuidedEncoder. Did you mean 'part_channels'?"
    )


def test_a_missing_checkpoint_is_named(monkeypatch, tmp_path):
    path = tmp_path / 'epoch_9.pth'
    message = complaint(monkeypatch, 'test.py', CONFIG, path)
    assert message == f'there is no checkpoint {path}'


@pytest.mark.parametrize(
    ('option', 'name', 'message'),
    [
        ('--dump', 'x/d.npz', 'error: {}: cannot write here'),
        ('--out', 'x/m.json', 'error: {}: cannot write here'),
        ('--out', 'm.txt', 'error: --out {}: metrics are written as .json'),
    ],
)
def test_what_could_not_be_written_is_said_before_the_evaluation(
    monkeypatch, tmp_path, option, name, message
):
    (tmp_path / 'x').write_text('a file is in the way')
    checkpoint = tmp_path / 'never_read.pth'
    checkpoint.touch()
    path = tmp_path / name
    said = complaint(monkeypatch, 'test.py', CONFIG, checkpoint, option, path)
    assert said.startswith(message.format(path))


def test_weights_of_another_network_are_not_evaluated(trained, data, tmp_path):
    neck = {'model.neck.type': 'TowerAttentionGuidedEncoder'}
    result = run(
        sys.executable, ROOT / 'tools/test.py', CONFIG,
        trained / 'epoch_2.pth', '--work-dir', tmp_path, '--cfg-options',
        *as_arguments(tiny_options(data) | neck),
    )  # fmt: skip
    assert result.returncode == 1 and 'Traceback' not in result.stderr
    message = f'error: {trained}/epoch_2.pth does not fit {CONFIG}'
    assert message in result.stderr


def test_a_training_starts_from_weights_of_its_own_backbone(
    train, trained, tmp_path
):
    checkpoint = load(trained / 'epoch_2.pth')
    foreign = {f'model.{k}': v for k, v in checkpoint['state_dict'].items()}
    path = tmp_path / 'foreign.pth'
    torch.save({'state_dict': foreign}, path)
    result = train(tmp_path, options={'load_from': str(path)})
    assert result.returncode == 1 and 'Traceback' not in result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f'error: {path} has 0 of the 60 weights that')


def test_a_new_head_starts_but_does_not_resume(train, trained, tmp_path):
    swap = {'model.head.type': 'CrossAttentionBARHead',
            'train_cfg.max_epochs': 1}  # fmt: skip
    start = {'load_from': str(trained / 'epoch_2.pth')}
    result = train(tmp_path, '--no-validate', options=swap | start)
    assert result.returncode == 0, result.stderr
    resume = ('--resume', trained / 'epoch_1.pth')
    result = train(tmp_path, *resume, options=swap)
    assert result.returncode == 1 and 'Traceback' not in result.stderr
    assert f'error: {trained}/epoch_1.pth does not fit' in result.stderr


def test_a_dump_needs_the_mesh_metric(monkeypatch, trained, tmp_path):
    config = tmp_path / 'config.py'
    config.write_text(
        f"_base_ = '{CONFIG}'\n"
        "test_evaluator = [dict(_delete_=True, type='mmpose.PCKAccuracy')]\n"
    )
    message = complaint(
        monkeypatch, 'test.py', config, trained / 'epoch_2.pth',
        '--dump', tmp_path / 'test.npz',
    )  # fmt: skip
    assert message == (
        f'--dump: {config}: expected a HumanMeshMetric in test_evaluator, '
        "found ['mmpose.PCKAccuracy']; add one"
    )


def test_another_protocol_is_refused_before_anything_is_evaluated(
    monkeypatch, evaluated, trained, data
):
    other = evaluated / 'dumps/test.npz'
    options = as_arguments(tiny_options(data))
    message = complaint(
        monkeypatch, 'test.py', CONFIG, trained / 'epoch_2.pth',
        '--work-dir', evaluated / 'never', '--compare', other,
        '--cfg-options', *options, 'test_evaluator.protocol.root=mid_hip',
        'test_evaluator.protocol.pve_align=pelvis',
    )  # fmt: skip
    assert message.startswith(f'--compare {other}: the dumps were taken')
    assert "root ('pelvis' and 'mid_hip')" in message
    assert "pve_align ('none' and 'pelvis')" in message
    assert not (evaluated / 'never').exists()


def test_missing_data_are_one_line(train, tmp_path):
    place = {'train_dataloader.dataset.data_root': str(tmp_path / 'nowhere')}
    result = train(tmp_path, options=place)
    assert result.returncode == 1
    assert 'Traceback' not in result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f'error: {tmp_path}/nowhere/people.npz: no such')
    assert 'make_open_people.py' in last


def test_a_checkpoint_of_another_body_is_refused(trained, data, tmp_path):
    checkpoint = load(trained / 'epoch_2.pth')
    (name,) = (k for k in checkpoint['state_dict'] if 'extra_state' in k)
    checkpoint['state_dict'][name] = torch.tensor(
        list(b'smpl'), dtype=torch.uint8
    )
    path = tmp_path / 'smpl.pth'
    torch.save(checkpoint, path)
    result = run(
        sys.executable, ROOT / 'tools/test.py', CONFIG, path,
        '--work-dir', tmp_path, '--cfg-options',
        *as_arguments(tiny_options(data)),
    )  # fmt: skip
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f'error: {path}: this checkpoint was trained with')
    assert "body model 'smpl'" in last and "'open-1'" in last
