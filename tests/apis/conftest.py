"""The tiny config; no test here reads its data."""

import pytest
from mmengine.config import Config

from mmbopr.apis import MeshInferencer
from mmbopr.testing.tiny_config import TINY_BASE, tiny_options


@pytest.fixture
def config(pytestconfig):
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options('nowhere'))
    return cfg


@pytest.fixture(scope='package')
def inferencer(tiny_model):
    """A model of random weights that takes pictures for people."""
    return MeshInferencer(
        str(tiny_model / 'config.py'),
        str(tiny_model / 'net.pth'),
        'cpu',
        show_progress=False,
        detector='whole',
    )
