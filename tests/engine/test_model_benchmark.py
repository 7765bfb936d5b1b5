import itertools

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.engine.model_benchmark import TimedModel, compare_models
from mmbopr.registry import MODELS
from mmbopr.testing.tiny_config import TINY_BASE, tiny_options

PARTS = ('backbone', 'neck', 'head', 'rest', 'optimizer')


@pytest.fixture
def config(pytestconfig):
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options('nowhere'))
    init_default_scope('mmbopr')
    return cfg


@pytest.fixture
def timed(config):
    """A model whose clock counts how often it is read."""
    torch.manual_seed(0)
    return TimedModel(config.model, 2, (64, 64), itertools.count().__next__)


@pytest.mark.parametrize('step', ['forward', 'train_step'])
@pytest.mark.parametrize('precision', ['fp32', 'bf16'])
def test_parts_add_up(timed, step, precision):
    times = getattr(timed, step)(precision)
    assert times['whole'] == pytest.approx(sum(times[x] for x in PARTS))
    others = times['neck'] + times['head'] + times['rest']
    assert times['all but backbone'] == pytest.approx(others)
    # From one reading to the next, the clock advances by 1 s: one for each
    # pass of backbone and neck, two for those of head and body.
    passes = 2 if step == 'train_step' else 1
    assert times['backbone'] == times['neck'] == passes * 1000
    assert times['head'] == 2 * passes * 1000
    assert times['optimizer'] == (passes - 1) * 1000


def test_a_training_step_is_one_of_adam(timed, config):
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), 5e-5)
    losses = model.loss(timed.inputs, timed.samples)
    model.parse_losses(losses)[0].backward()
    optimizer.step()
    timed.train_step('fp32')
    ours = dict(timed.model.named_parameters())
    for name, theirs in model.named_parameters():
        torch.testing.assert_close(ours[name], theirs, atol=2e-6, rtol=0)


def test_prediction_under_autocast_is_rounded(timed):
    values = {}
    for precision in ('fp32', 'bf16'):
        timed.forward(precision)
        values[precision] = timed.samples[0].pred_instances.vertices
    gap = (values['fp32'] - values['bf16']).abs().max()
    assert 0 < gap < 0.1


def test_layout_and_size_are_those_asked_for(config):
    config.model.channels_last = True
    timed = TimedModel(config.model, 2, (48, 64), lambda: 0)
    assert timed.inputs.shape == (2, 3, 64, 48)
    weight = timed.model.backbone.layer1[0].conv1.weight
    assert weight.is_contiguous(memory_format=torch.channels_last)


class FakeModel:
    """Takes 1, 2, 3, ... ms from step to step."""

    def __init__(self, name, log):
        self.name, self.log, self.count = name, log, 0

    def forward(self, precision, step='forward'):
        self.log.append((step, precision, self.name))
        self.count += 1
        return dict(whole=float(self.count))

    def train_step(self, precision):
        return self.forward(precision, 'train_step')


def test_models_take_turns_and_medians_are_kept():
    log = []
    models = {name: FakeModel(name, log) for name in ('a', 'b')}
    found = compare_models(models, ['fp32', 'bf16'], rounds=3)
    assert [name for *_, name in log] == ['a', 'b'] * 16
    assert log[:16:2] == 2 * [
        (step, precision, 'a')
        for step in ('forward', 'train_step')
        for precision in ('fp32', 'bf16')
    ]
    # Step k of round r is number 4 r + k; round 0 only warms up.
    assert found['forward']['fp32']['a'] == dict(whole=4 * 2 + 1)
    assert found['train_step']['bf16']['b'] == dict(whole=4 * 2 + 4)
