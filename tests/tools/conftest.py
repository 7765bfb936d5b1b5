"""A model for the tools that analyse one, and how to run them."""

import importlib.util
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.registry import MODELS
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='session')
def tiny_model(tmp_path_factory):
    """Folder of the tiny config with random weights.

    ``config.py``, ``net.pth`` and five people in ``test``.
    """
    folder = tmp_path_factory.mktemp('tiny')
    cfg = Config.fromfile(ROOT / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options(make_tiny_data(folder)))
    cfg.dump(folder / 'config.py')
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    state = MODELS.build(cfg.model).state_dict()
    torch.save(dict(state_dict=state), folder / 'net.pth')
    return folder


@pytest.fixture(scope='session')
def load_tool():
    """Function that imports a tool by its path below ``tools``."""

    def load(path):
        path = ROOT / 'tools' / path
        name = f'{path.stem}_tool'
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
