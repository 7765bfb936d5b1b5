"""Counts against torch's own counter, which watches what is dispatched."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from mmbopr.apis import init_model
from mmbopr.deployment.network import MeshNetwork, Normalise
from mmbopr.deployment.tracing import example_inputs
from mmbopr.engine.complexity import measure_complexity


@pytest.fixture(scope='module')
def model(tiny_model):
    return init_model(tiny_model / 'config.py')


@pytest.fixture(scope='module')
def found(model):
    return measure_complexity(model, (64, 64))


def test_operations_are_those_that_torch_counts(model, found):
    network = MeshNetwork(model, Normalise()).eval()
    inputs = example_inputs((64, 64), 1)
    # With gradients, attention is one step that the counter knows.
    with FlopCounterMode(display=False) as counter:
        network(**inputs)
    counts = counter.get_flop_counts()
    for part in ('backbone', 'neck', 'head'):
        # torch counts multiplications and additions, no norms nor resizing.
        expected = sum(counts[f'MeshNetwork.{part}'].values()) / 2
        assert expected <= found.flops[part] < 1.1 * expected


def test_parts_sum_up(model, found):
    parts = ('backbone', 'neck', 'head')
    for counts in (found.flops, found.params):
        assert counts[''] == sum(counts[x] for x in parts)
    assert found.params[''] == sum(x.numel() for x in model.parameters())
    assert found.rows(1) == list(parts)
    assert 'head.losses' not in found.rows(2)
    assert found.params['neck.aux_2d'] > 0 == found.flops['neck.aux_2d']


def test_attention_is_counted(found):
    layer = 'head.regression_transformer.0'
    N, C = 24, 128  # tokens, channels
    projections = 4 * N * C * C
    feedforward = found.params[f'{layer}.linear1.weight'] * N * 2
    attention = 2 * N * N * C
    norms = found.flops[layer] - projections - feedforward - attention
    assert 0 < norms < 0.01 * found.flops[layer]
    assert 'scaled_dot_product_attention' not in found.uncounted
    assert 'softmax' in found.uncounted


def test_operations_of_maps_grow_with_the_crop(model, found):
    larger = measure_complexity(model, (64, 128))
    assert larger.params == found.params
    assert larger.flops['backbone'] == 2 * found.flops['backbone']
    assert larger.flops['head'] == found.flops['head']
    torch.testing.assert_close(larger.flops['body'], found.flops['body'])
