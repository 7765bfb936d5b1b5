"""Pretrained weights: what may be missing, and what may not."""

import pytest
import torch
from mmengine.model import BaseModule, Sequential
from torch import nn

from mmbopr.models import weight_init
from mmbopr.models.weight_init import CheckedPretrained

FUSE = r'fuse\.[12]\..*'


class Backbone(BaseModule):
    def __init__(self, init_cfg=None):
        super().__init__(init_cfg)
        self.stem = nn.Linear(2, 2)
        self.fuse = nn.ModuleList(nn.Linear(2, 2) for _ in range(3))


@pytest.fixture
def save(tmp_path):
    """Function that writes a 2D pose model without some of its layers."""

    def save(*without, **extra):
        torch.manual_seed(5)
        weights = {
            f'backbone.{k}': v for k, v in Backbone().state_dict().items()
        }
        weights = {
            k: v
            for k, v in weights.items()
            if not any(x in k for x in without)
        }
        weights |= {'head.weight': torch.ones(1), **extra}
        path = str(tmp_path / 'pose.pth')
        torch.save({'state_dict': weights}, path)
        return path

    return save


def load(path, **kwargs):
    backbone = Backbone()
    CheckedPretrained(path, 'backbone.', **kwargs)(backbone)
    return backbone


def test_a_complete_checkpoint_is_loaded(save):
    path = save()
    torch.manual_seed(5)
    expected = Backbone().state_dict()
    for key, value in load(path).state_dict().items():
        assert torch.equal(value, expected[key])


def test_expected_gaps_are_listed_and_the_rest_is_loaded(save, monkeypatch):
    path, log = save('fuse.1', 'fuse.2'), []
    monkeypatch.setattr(
        weight_init, 'print_log', lambda text, logger: log.append(text)
    )
    backbone = load(path, allow_missing=[FUSE])
    weights = torch.load(path, weights_only=True)['state_dict']
    assert torch.equal(
        backbone.fuse[0].weight, weights['backbone.fuse.0.weight']
    )
    assert log[1].startswith('4 keys are not in the checkpoint')
    assert "'fuse.1.weight'" in log[1]


@pytest.mark.parametrize('without', ['stem.bias', 'fuse.0'])
def test_an_unexpected_gap_is_an_error(save, without):
    with pytest.raises(RuntimeError, match=f'(?s)pose.pth.*{without}'):
        load(save(without), allow_missing=[FUSE])


def test_a_pattern_is_of_whole_keys(save):
    with pytest.raises(RuntimeError, match=r'stem\.bias'):
        load(save('stem.bias'), allow_missing=['stem'])


def test_a_key_left_over_is_an_error_unless_expected(save):
    path = save(**{'backbone.final_layer.weight': torch.ones(1)})
    with pytest.raises(RuntimeError, match=r'not in Backbone.*final_layer'):
        load(path)
    load(path, allow_unexpected=[r'final_layer\..*'])


def test_a_wrong_shape_is_an_error(save):
    path = save(**{'backbone.stem.weight': torch.ones(3, 2)})
    with pytest.raises(RuntimeError, match=r'stem\.weight'):
        load(path)


def test_the_config_names_it(save):
    path = save('fuse.1')
    cfg = dict(
        type='mmbopr.CheckedPretrained',
        checkpoint=path,
        prefix='backbone.',
        allow_missing=[FUSE],
    )
    backbone = Backbone(init_cfg=cfg)
    backbone.init_weights()
    weights = torch.load(path, weights_only=True)['state_dict']
    assert torch.equal(backbone.stem.bias, weights['backbone.stem.bias'])


class Constant(BaseModule):
    """Initialises itself."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def init_weights(self):
        nn.init.constant_(self.linear.weight, 7.0)


class Stray(nn.Linear):
    """Likewise, without MMEngine's base class."""

    def init_weights(self):
        nn.init.constant_(self.weight, 7.0)


def test_what_is_loaded_stands(tmp_path):
    """Children initialise themselves before, where weights may lack."""
    path = str(tmp_path / 'pose.pth')
    weights = {
        f'{name}.linear.{key}': torch.ones(shape)
        for name in ('0', '1')
        for key, shape in (('weight', (2, 2)), ('bias', (2,)))
    }
    weights |= {'2.weight': torch.ones(2, 2), '2.bias': torch.ones(2)}
    torch.save({'state_dict': weights}, path)
    backbone = Sequential(
        Constant(),
        Constant(),
        Stray(2, 2),
        Constant(),
        init_cfg=dict(
            type='mmbopr.CheckedPretrained',
            checkpoint=path,
            allow_missing=[r'3\..*'],
        ),
    )
    Sequential(backbone).init_weights()
    for key, value in weights.items():
        assert torch.equal(backbone.state_dict()[key], value), key
    assert (backbone[3].linear.weight == 7).all()
