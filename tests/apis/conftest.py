"""The tiny config; no test here reads its data."""

import pytest
from mmengine.config import Config

from mmbopr.testing.tiny_config import TINY_BASE, tiny_options


@pytest.fixture
def config(pytestconfig):
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options('nowhere'))
    return cfg
