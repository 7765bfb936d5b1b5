"""The smallest model of every kind, with weights that matter."""

import pytest
import torch
from mmengine.config import Config
from mmengine.model import BaseModule
from torch import nn

from mmbopr.apis import init_model
from mmbopr.deployment import export_model
from mmbopr.deployment.backends.openvino_backend import openvino_core
from mmbopr.deployment.benchmark import noise_crops
from mmbopr.registry import MODELS
from mmbopr.testing.tiny_config import TINY_BASE, tiny_options

_WIDTH = 8


@MODELS.register_module()
class StrideFour(BaseModule):
    """One convolution: tracing takes time for every layer."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, _WIDTH, 4, stride=4)

    def forward(self, x):
        return (self.conv(x),)


_AGE = dict(type='AttentionGuidedEncoder', in_channels=_WIDTH)
_POOL = dict(type='mmpose.GlobalAveragePooling')
_LAYERS = dict(body_aware_layers=1, regression_layers=0)
_PARTS = {
    'bopr': (_AGE, dict(type='BARHead', **_LAYERS)),
    'cross-attention': (_AGE, dict(type='CrossAttentionBARHead', **_LAYERS)),
    'prompts': (_AGE, dict(type='KeypointPromptBARHead', **_LAYERS)),
    'pare': (
        dict(type='PARENeck', in_channels=_WIDTH),
        dict(type='PAREHead'),
    ),
    'hmr': (_POOL, dict(type='HMRHead', in_channels=_WIDTH)),
    'cliff': (_POOL, dict(type='CLIFFHead', in_channels=_WIDTH)),
}


@pytest.fixture(scope='session')
def tiny_config(pytestconfig):
    """Function from a kind of model to its config."""

    def make(kind):
        cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
        cfg.merge_from_dict(tiny_options('nowhere'))
        cfg.model.backbone = dict(type='StrideFour')
        cfg.model.neck, cfg.model.head = _PARTS[kind]
        return cfg

    return make


@pytest.fixture(scope='session')
def make_model(tiny_config):
    """Function from a kind of model to one whose output varies."""

    @torch.no_grad()
    def make(kind):
        torch.manual_seed(0)
        model = init_model(tiny_config(kind))
        # Weights near zero would hide what an export loses.
        for parameter in model.head.parameters():
            parameter += 0.05 * torch.randn_like(parameter)
        return model

    return make


@pytest.fixture(scope='session')
def exported(make_model, tmp_path_factory):
    """BoPR and its ONNX file."""
    model = make_model('bopr')
    path = tmp_path_factory.mktemp('deployment') / 'bopr.onnx'
    export_model(model, path, checkpoint='somewhere/epoch_9.pth')
    return model, path


@pytest.fixture
def batch(exported):
    """Three crops, as a data loader collates them."""
    return noise_crops(exported[0], 3)


@pytest.fixture(scope='session')
def cpu_has_bf16():
    """Whether OpenVINO computes in bfloat16 on this machine."""
    able = openvino_core().get_property('CPU', 'OPTIMIZATION_CAPABILITIES')
    return 'BF16' in able
