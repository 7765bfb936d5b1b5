"""A whole training, traced and not: the same weights."""

import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)


def test_a_compiled_training_is_the_training(tmp_path, pytestconfig):
    path = pytestconfig.rootpath / 'configs' / TINY_BASE
    data = make_tiny_data(tmp_path / 'data')
    trained = []
    for name, hooks in (
        ('plain', []),
        ('compiled', [dict(type='CompileHook', backend='eager')]),
    ):
        cfg = Config.fromfile(path)
        cfg.merge_from_dict(tiny_options(data))
        cfg.train_cfg.max_epochs = 1
        cfg.custom_hooks = hooks
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.default_hooks.checkpoint.pop('save_best')
        cfg.work_dir = str(tmp_path / name)
        cfg.experiment_name = f'{tmp_path.name}-{name}'
        runner = Runner.from_cfg(cfg)
        runner.train()
        compiled = runner.model._compiled_call_impl is not None
        assert compiled == bool(hooks)
        trained.append(runner.model.state_dict())
    torch._dynamo.reset()
    plain, compiled = trained
    assert plain.keys() == compiled.keys()
    for key, weight in plain.items():
        torch.testing.assert_close(compiled[key], weight, msg=key)
