"""Every config of the zoo can be read, checked, built and stepped."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from torch import nn

from mmbopr.engine.config_check import check_config
from mmbopr.engine.dry_batch import make_batch
from mmbopr.models.losses import PoseLoss
from mmbopr.registry import METRICS, MODELS, TRANSFORMS
from mmbopr.testing.fake_smpl import write_fake_smpl
from mmbopr.testing.tiny_config import TINY_BASE, tiny_options

CONFIGS = Path(__file__).parents[2] / 'configs'
NAMES = sorted(
    str(path.relative_to(CONFIGS))
    for path in CONFIGS.rglob('*.py')
    if '_base_' not in path.parts
)
# What the first step leaves as it is, by a part of the config's name; in all
# other configs every parameter moves.
UNMOVED = {
    # Terms of weight 0, whose regressors nothing else reads.
    '_wo-aux-2d_': r'neck\.aux_2d\.',
    '_wo-aux-3d_': r'neck\.aux_3d\.',
    '_wo-rd_': r'head\.rel_depth\.',
    '_mesh-rd_': r'head\.rel_depth\.',
    # The map is neither pooled by nor supervised.
    '_wo-body-attention_': r'neck\.body_attention\.',
    # Its output projection starts at zero, and alone moves at first.
    '_keypoint-prompts_': r'head\.prompt_encoder\.(?!attention\.out_proj)',
}


@pytest.fixture(scope='module')
def fake_smpl(tmp_path_factory):
    return str(write_fake_smpl(tmp_path_factory.mktemp('smpl')))


@pytest.fixture
def load(fake_smpl):
    """Function that reads a config; licensed bodies are replaced."""

    def load(name):
        cfg = Config.fromfile(CONFIGS / name)
        init_default_scope(cfg.default_scope)
        for body in (
            cfg.model.body_model,
            cfg.val_evaluator.body_model,
            cfg.test_evaluator.body_model,
        ):
            if body.model_path != 'open':
                body.model_path = fake_smpl
        return cfg

    return load


def shrink(cfg):
    """Make crops small, where the network takes any size; their (w, h), px.

    The smallest of at least 64 px that has the config's aspect and can be
    halved five times.
    """
    if cfg.model.backbone.type == 'VisionTransformer':
        return tuple(cfg.model.backbone.img_size[::-1])
    aspect = np.array(cfg.input_size) // np.gcd(*cfg.input_size)
    size = aspect * 32 * -(-2 // aspect.min())
    cfg.model.target_builder.map_size = tuple((size // 4).tolist())
    return tuple(size.tolist())


def pipelines(node):
    """All pipelines in a config."""
    if isinstance(node, dict):
        if 'pipeline' in node:
            yield node['pipeline']
        for value in node.values():
            yield from pipelines(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from pipelines(value)


def test_the_zoo_is_found():
    assert TINY_BASE in NAMES and len(NAMES) >= 40


@pytest.mark.parametrize('name', NAMES)
def test_a_config_begins_with_what_it_is_and_its_command(name):
    head, _ = (CONFIGS / name).read_text().split('\n_base_ = ')
    lines = head.splitlines()
    assert all(line.startswith('#') for line in lines)
    tool = r'#   (python tools/train\.py|tools/dist_train\.sh)'
    commands = [x for x in lines if re.match(rf'{tool} configs/{name}', x)]
    assert len(commands) == 1 and len(lines) > 2


@pytest.fixture(scope='module')
def stepped():
    """Configs of the networks that other configs tried out."""
    return []


@pytest.mark.parametrize('name', NAMES)
def test_a_config_trains_and_predicts(load, stepped, name):
    cfg = load(name)
    check_config(cfg)
    network = (cfg.model.to_dict(), cfg.optim_wrapper.to_dict())
    if network in stepped:
        return  # another stage of the same network
    stepped.append(network)
    size = shrink(cfg)
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    batch = make_batch(model.body_model, 2, size)
    wrapper = build_optim_wrapper(model, cfg.optim_wrapper)
    before = {k: p.detach().clone() for k, p in model.named_parameters()}

    model.train()
    logs = model.train_step(batch, wrapper)
    assert 0 < logs.pop('loss') < 1e5
    terms = [key for key in logs if key.startswith('loss_')]
    assert len(terms) >= 4 and all(torch.isfinite(logs[k]) for k in terms)
    after = dict(model.named_parameters())
    still = {k for k, p in before.items() if torch.equal(p, after[k])}
    expected = [p for part, p in UNMOVED.items() if part in name]
    assert still == {k for p in expected for k in before if re.match(p, k)}
    assert bool(still) == bool(expected)

    model.eval()
    pred = model.test_step(batch)[1].pred_instances
    body = model.body_model
    assert pred.vertices.shape == (1, body.num_vertices, 3)
    assert pred.joints_h36m.shape == (1, 17, 3)
    identity = pred.pose_rotmat @ pred.pose_rotmat.mT
    torch.testing.assert_close(
        identity, torch.eye(3).expand_as(identity), atol=1e-5, rtol=0
    )
    assert all(torch.isfinite(x).all() for x in pred.values())


@pytest.fixture(scope='module')
def body_ids():
    """Function from a metric's config to the body that it measures on."""

    @cache
    def build(path):
        body = dict(type='GenderedSMPL', model_path=path)
        return MODELS.build(body).body_model_id

    return build


@pytest.mark.parametrize('name', NAMES)
def test_pipelines_and_metric_are_built(load, body_ids, name):
    cfg = load(name)
    found = list(pipelines(cfg.to_dict()))
    assert len(found) >= 3  # train, val, test
    for pipeline in found:
        pipeline = Compose([TRANSFORMS.build(step) for step in pipeline])
        assert type(pipeline.transforms[-1]).__name__ == 'PackMeshInputs'
    for evaluator in (cfg.val_evaluator, cfg.test_evaluator):
        bodies = {
            body_ids(body.model_path)
            for body in (cfg.model.body_model, evaluator.body_model)
        }
        assert len(bodies) == 1
        metric = METRICS.build({**evaluator, 'body_model': nn.Identity()})
        assert type(metric).__name__ == 'HumanMeshMetric'
        assert metric.protocol.name == evaluator.get('protocol', '')


# --- changing parts without touching code
@pytest.fixture
def house_loss():
    """A loss that this test brings along, registered while it runs."""

    @MODELS.register_module()
    class HousePoseLoss(PoseLoss):
        def forward(self, pred, target, valid):
            return 0 * super().forward(pred, target, valid) + 7

    yield HousePoseLoss
    MODELS.module_dict.pop('HousePoseLoss')


STANDARD = {
    'neck': 'AttentionGuidedEncoder',
    'head': 'BARHead',
    'head.loss_pose': 'PoseLoss',
}


def classes_of(model):
    parts = model.neck, model.head, model.head.losses['loss_pose']
    names = [type(part).__name__ for part in parts]
    return dict(zip(STANDARD, names, strict=True))


@pytest.mark.parametrize(
    'swapped',
    [
        {},
        {'neck': 'TowerAttentionGuidedEncoder'},
        {'head': 'CrossAttentionBARHead'},
        {'head.loss_pose': 'HousePoseLoss'},
        {
            'neck': 'TowerAttentionGuidedEncoder',
            'head': 'CrossAttentionBARHead',
            'head.loss_pose': 'HousePoseLoss',
        },
    ],
    ids=lambda swapped: '+'.join(swapped) or 'none',
)
def test_options_swap_parts(load, house_loss, swapped):
    cfg = load(TINY_BASE)
    swap = {f'model.{part}.type': name for part, name in swapped.items()}
    cfg.merge_from_dict(tiny_options('unused') | swap)
    check_config(cfg)
    model = MODELS.build(cfg.model)
    assert classes_of(model) == STANDARD | swapped
    wrapper = build_optim_wrapper(model, cfg.optim_wrapper)
    logs = model.train_step(make_batch(model.body_model, 2, (64, 64)), wrapper)
    assert 0 < logs['loss'] < 1e5
    assert (logs['loss_pose'] == 7) == ('head.loss_pose' in swapped)
