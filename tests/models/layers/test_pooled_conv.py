"""Pooling before the convolution against pooling after it."""

import torch
from torch.nn import functional as F

from mmbopr.models.layers import (
    PooledConv2d,
    attention_pool,
    pool_taps,
    spatial_softmax,
)


def test_attention_pool_is_the_weighted_sum_of_eq_1():
    feats = torch.randn(2, 3, 4, 5)
    attention = spatial_softmax(torch.randn(2, 6, 4, 5))
    expected = torch.zeros(2, 6, 3)
    for y in range(4):
        for x in range(5):
            weight = attention[:, :, y, x]
            expected += weight[..., None] * feats[:, None, :, y, x]
    torch.testing.assert_close(attention_pool(feats, attention), expected)


def test_spatial_softmax_sums_to_one_over_positions():
    logits = torch.tensor([[[[0.0, torch.log(torch.tensor(3.0))]]]])
    expected = torch.tensor([[[[0.25, 0.75]]]])
    torch.testing.assert_close(spatial_softmax(logits), expected)


def test_pooled_convolution_equals_convolution_then_pooling():
    feats = torch.randn(2, 7, 6, 9, dtype=torch.float64, requires_grad=True)
    logits = torch.randn(2, 5, 6, 9, dtype=torch.float64, requires_grad=True)
    layer = PooledConv2d(7, 4).double()
    attention = spatial_softmax(logits)
    pooled = layer(pool_taps(feats, attention))
    convolved = F.conv2d(feats, layer.weight, layer.bias, padding=1)
    expected = attention_pool(convolved, attention)
    torch.testing.assert_close(pooled, expected)

    inputs = [feats, logits, layer.weight, layer.bias]
    ours = torch.autograd.grad(
        pooled.square().sum(), inputs, retain_graph=True
    )
    theirs = torch.autograd.grad(expected.square().sum(), inputs)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b)
