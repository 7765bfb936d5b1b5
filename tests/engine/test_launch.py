import argparse

import pytest
import torch
from mmengine.config import Config

from mmbopr.datasets import AnnotationError
from mmbopr.engine import launch
from mmbopr.engine.config_check import ConfigKeyError
from mmbopr.engine.recipe import RecipeError
from mmbopr.testing.tiny_config import TINY_BASE


@pytest.fixture(autouse=True)
def rank(monkeypatch):
    """Undo afterwards what ``load_config`` tells the environment."""
    monkeypatch.setenv('LOCAL_RANK', '0')


@pytest.fixture
def groups(monkeypatch):
    """Process groups that would have been started."""
    started = []
    monkeypatch.setattr(launch.dist, 'init_process_group', started.append)
    return started


@pytest.fixture
def load(pytestconfig):
    config = str(pytestconfig.rootpath / 'configs' / TINY_BASE)

    def load(*options):
        parser = argparse.ArgumentParser()
        launch.add_run_arguments(parser)
        return launch.load_config(parser.parse_args([config, *options]))

    return load


def set_cuda(monkeypatch, available):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: available)


# --- options
def test_defaults(load, groups):
    cfg = load()
    assert cfg.work_dir == (
        'work_dirs/bopr_resnet18_1xb16-9e_open-people-96x96'
    )
    assert cfg.launcher == 'none' and 'model_wrapper_cfg' not in cfg
    assert not cfg.default_hooks.visualization.enable
    assert groups == []


def test_options_reach_the_config(load):
    cfg = load(
        '--work-dir', 'here', '--show-dir', 'there', '--interval', '7',
        '--cfg-options', 'model.neck.part_channels=64', 'work_dir=nowhere',
        'model.head.loss_betas=None',
    )  # fmt: skip
    assert cfg.work_dir == 'here'
    assert cfg.model.neck.part_channels == 64
    assert cfg.model.head.loss_betas is None
    assert dict(cfg.default_hooks.visualization) == dict(
        type='MeshVisualizationHook', enable=True, out_dir='there', interval=7
    )


def test_the_config_may_name_the_work_dir(load):
    assert load('--cfg-options', 'work_dir=mine').work_dir == 'mine'


def test_options_are_checked(load):
    with pytest.raises(ConfigKeyError, match='part_channels'):
        load('--cfg-options', 'model.neck.part_chanels=64')


# --- processes on a CPU
def test_cpu_processes_talk_over_gloo(load, groups, monkeypatch):
    set_cuda(monkeypatch, False)
    cfg = load('--launcher', 'pytorch')
    assert groups == ['gloo']
    assert dict(cfg.model_wrapper_cfg) == dict(
        type='MMDistributedDataParallel',
        device_ids=None,
        broadcast_buffers=False,
        find_unused_parameters=False,
    )


def test_a_wrapper_of_the_config_is_kept(load, groups, monkeypatch):
    set_cuda(monkeypatch, False)
    cfg = load(
        '--launcher', 'pytorch', '--cfg-options',
        'model_wrapper_cfg.type=MMDistributedDataParallel',
        'model_wrapper_cfg.find_unused_parameters=True',
    )  # fmt: skip
    assert cfg.model_wrapper_cfg.find_unused_parameters is True
    assert cfg.model_wrapper_cfg.device_ids is None


def test_gpus_are_left_to_mmengine(load, groups, monkeypatch):
    set_cuda(monkeypatch, True)
    cfg = load('--launcher', 'pytorch')
    assert groups == [] and 'model_wrapper_cfg' not in cfg


@pytest.mark.parametrize(('workers', 'threads'), [(0, 4), (1, 3), (9, 1)])
def test_data_workers_get_cores_of_their_own(
    load, monkeypatch, workers, threads
):
    chosen = []
    set_cuda(monkeypatch, False)
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    monkeypatch.setattr('os.cpu_count', lambda: 4)
    monkeypatch.setattr('torch.set_num_threads', chosen.append)
    load(
        '--cfg-options',
        f'train_dataloader.num_workers={workers}',
        'test_dataloader.num_workers=0',
    )
    assert chosen == [threads]


def test_a_config_without_data_leaves_all_cores(monkeypatch, tmp_path):
    config = tmp_path / 'model.py'
    config.write_text("default_scope = 'mmbopr'\n")
    chosen = []
    set_cuda(monkeypatch, False)
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    monkeypatch.setattr('os.cpu_count', lambda: 4)
    monkeypatch.setattr('torch.set_num_threads', chosen.append)
    parser = argparse.ArgumentParser()
    launch.add_run_arguments(parser)
    launch.load_config(parser.parse_args([str(config)]))
    assert chosen == [4]


# --- mixed precision
@pytest.mark.parametrize('named', [False, True])
def test_amp_is_bfloat16_on_a_cpu(monkeypatch, named):
    set_cuda(monkeypatch, False)
    wrapper = dict(optimizer=dict(type='Adam'), clip_grad=dict(max_norm=1))
    cfg = Config(dict(optim_wrapper=dict(wrapper)))
    if named:
        cfg.optim_wrapper.type = 'OptimWrapper'
    launch.enable_amp(cfg)
    expected = dict(wrapper, type='mmbopr.BFloat16OptimWrapper')
    assert cfg.optim_wrapper.to_dict() == expected


def test_amp_scales_gradients_on_a_gpu(monkeypatch):
    set_cuda(monkeypatch, True)
    cfg = Config(dict(optim_wrapper=dict()))
    launch.enable_amp(cfg)
    assert cfg.optim_wrapper.to_dict() == dict(
        type='AmpOptimWrapper', loss_scale='dynamic'
    )
    cfg = Config(dict(optim_wrapper=dict(loss_scale=512.0)))
    launch.enable_amp(cfg)
    assert cfg.optim_wrapper.loss_scale == 512.0


def test_amp_does_not_replace_a_wrapper_of_ones_own():
    cfg = Config(
        dict(optim_wrapper=dict(type='ApexOptimWrapper')),
        filename='apex.py',
        cfg_text='# apex',
    )
    message = r"^error: apex\.py: --amp .*type='ApexOptimWrapper'"
    with pytest.raises(SystemExit, match=message), launch.plain_errors():
        launch.enable_amp(cfg)
    assert cfg.optim_wrapper.type == 'ApexOptimWrapper'


# --- resuming
@pytest.mark.parametrize('load_from', [None, 'stage_1.pth'])
def test_resuming_before_the_first_checkpoint_is_starting(tmp_path, load_from):
    cfg = Config(
        dict(work_dir=str(tmp_path), load_from=load_from, resume=True)
    )
    launch.resume(cfg, 'auto')
    assert not cfg.resume and cfg.load_from == load_from


@pytest.mark.parametrize('load_from', [None, 'stage_1.pth'])
def test_the_latest_complete_checkpoint_is_resumed(tmp_path, load_from):
    for step in (10, 20):
        torch.save({}, tmp_path / f'iter_{step}.pth')
    (tmp_path / 'iter_20.pth').write_bytes(b'torn')
    cfg = Config(dict(work_dir=str(tmp_path), load_from=load_from))
    launch.resume(cfg, 'auto')
    assert cfg.resume and cfg.load_from == str(tmp_path / 'iter_10.pth')


def test_another_checkpoint_can_be_resumed(tmp_path):
    torch.save({}, tmp_path / 'iter_10.pth')
    cfg = Config(dict(work_dir=str(tmp_path), load_from='stage_1.pth'))
    launch.resume(cfg, 'mine.pth')
    assert cfg.resume and cfg.load_from == 'mine.pth'


# --- errors
@pytest.mark.parametrize(
    'error',
    [AnnotationError, launch.ConfigError, ConfigKeyError, RecipeError],
)
def test_mistakes_of_the_user_end_with_one_line(error):
    with pytest.raises(SystemExit, match=r'^error: people\.npz: no rows$'):
        with launch.plain_errors():
            raise error('people.npz: no rows')


@pytest.mark.parametrize('error', [KeyError, ValueError, OSError])
def test_other_errors_keep_their_traceback(error):
    with pytest.raises(error), launch.plain_errors():
        raise error('a fault of ours')


# --- ending
def test_processes_leave_together():
    launch.dist.init_process_group(
        'gloo', store=torch.distributed.HashStore(), rank=0, world_size=1
    )
    with launch.leave_together():
        assert launch.dist.is_initialized()
    assert not launch.dist.is_initialized()


def test_nobody_waits_after_an_error(monkeypatch):
    monkeypatch.setattr(launch.dist, 'is_initialized', lambda: True)
    monkeypatch.setattr(launch.dist, 'barrier', lambda: pytest.fail('waits'))
    with pytest.raises(RuntimeError, match='broken'):
        with launch.leave_together():
            raise RuntimeError('broken')
