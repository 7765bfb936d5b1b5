"""The template trains: what a copy of it starts from."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmbopr.testing.tiny_config import make_tiny_data, tiny_options

PROJECT = Path(__file__).parents[2] / 'projects/example_project'


@pytest.fixture
def cfg(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(PROJECT.parents[1]))
    cfg = Config.fromfile(next((PROJECT / 'configs').glob('*.py')))
    options = tiny_options(make_tiny_data(tmp_path))
    cfg.merge_from_dict(options)
    cfg.work_dir = str(tmp_path / 'work')
    return cfg


def test_head_learns_and_predicts(cfg):
    runner = Runner.from_cfg(cfg)
    head = runner.model.head
    before = {k: v.clone() for k, v in head.named_parameters()}

    runner.train()

    assert type(head).__name__ == 'ExampleHead'
    still = [k for k, v in head.named_parameters() if v.equal(before[k])]
    assert still == []
    metrics = runner.val()
    assert 0 < metrics['mesh/PA-MPJPE'] < metrics['mesh/MPJPE'] < 2000
    assert torch.isfinite(torch.tensor(list(metrics.values()))).any()
