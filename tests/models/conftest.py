"""A body, a batch and a small model."""

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.body_models import GenderedSMPL
from mmbopr.engine.dry_batch import make_data_samples, make_labels
from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import AGEFeatures, CropContext

CONFIG = 'configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py'


@pytest.fixture(scope='session')
def body():
    return GenderedSMPL('open')


@pytest.fixture
def labels(body):
    return make_labels(body, 4)


@pytest.fixture
def samples(labels, body):
    return make_data_samples(labels, body.body_model_id)


@pytest.fixture
def config(pytestconfig):
    """The demo's model, narrowed for tests."""
    cfg = Config.fromfile(pytestconfig.rootpath / CONFIG)
    cfg.model.backbone.update(stem_channels=8, base_channels=8)
    cfg.model.neck.in_channels = 16
    cfg.model.neck.fusion.update(in_channels=[8, 16, 32, 64], out_channels=16)
    cfg.model.target_builder.map_size = 16
    return cfg


@pytest.fixture
def model(config):
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    return MODELS.build(config.model)


@pytest.fixture
def features():
    generator = torch.Generator().manual_seed(0)

    def randn(*shape):
        return torch.randn(*shape, generator=generator)

    return AGEFeatures(
        part_query_feats=randn(2, NUM_PARTS, 128),
        body_ref_feat=randn(2, 128),
        part_logits=randn(2, NUM_PARTS + 1, 8, 8),
        body_logits=randn(2, 1, 8, 8),
        aux_keypoints_2d=randn(2, 24, 2),
        aux_keypoints_3d=randn(2, 24, 3),
    )


@pytest.fixture
def crops():
    return CropContext(
        bbox=torch.tensor([[200.0, 150, 240, 240], [90.0, 300, 120, 120]]),
        K=torch.tensor([[500.0, 500, 200, 150]] * 2),
        keypoint_prompts=torch.zeros(2, 17, 3),
    )
