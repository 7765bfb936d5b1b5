"""Averaged weights and bfloat16, as the config of the zoo asks for them."""

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)

OPTIONS = 'bopr/bopr_hrnet-w32_ema-bf16_1xb64-175k_coco-eft-224x224.py'


@pytest.fixture
def tiny(tmp_path, pytestconfig):
    """A tiny training with the hooks and the optimiser of the zoo's config."""
    configs = pytestconfig.rootpath / 'configs'
    cfg = Config.fromfile(configs / TINY_BASE)
    cfg.merge_from_dict(tiny_options(make_tiny_data(tmp_path / 'data')))
    options = Config.fromfile(configs / OPTIONS)
    cfg.custom_hooks = options.custom_hooks
    cfg.custom_hooks[1].momentum = 0.5
    cfg.model.channels_last = options.model.channels_last
    cfg.optim_wrapper.type = options.optim_wrapper.type
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    cfg.default_hooks.checkpoint.pop('save_best')
    cfg.work_dir = str(tmp_path / 'work')
    cfg.experiment_name = tmp_path.name
    return cfg


def test_checkpoints_hold_the_average_and_are_resumed(tiny):
    runner = Runner.from_cfg(tiny)
    runner.train()
    assert type(runner.optim_wrapper).__name__ == 'BFloat16OptimWrapper'
    path = f'{tiny.work_dir}/epoch_2.pth'
    saved = torch.load(path, weights_only=True)
    trained = dict(runner.model.named_parameters())
    average = saved['state_dict']
    raw = saved['ema_state_dict']
    moved = 0
    for name, value in trained.items():
        # MMEngine swaps the two when it saves.
        torch.testing.assert_close(raw[f'module.{name}'], value.detach())
        moved += not torch.equal(average[name], value)
    assert moved > 0.9 * len(trained)

    tiny.resume, tiny.load_from = True, path
    tiny.train_cfg.max_epochs = 3
    tiny.experiment_name += '-resumed'
    resumed = Runner.from_cfg(tiny)
    resumed.train()
    assert resumed.iter == 6
    weights = list(resumed.model.parameters())
    assert all(torch.isfinite(x).all() for x in weights)
