"""One linear map for each part."""

import torch

from mmbopr.models.layers import PartWiseLinear


def test_every_part_has_its_own_map():
    layer = PartWiseLinear(3, 4, 2, torch.arange(6.0).view(3, 2))
    tokens = torch.randn(5, 3, 4)
    out = layer(tokens)
    for k in range(3):
        expected = tokens[:, k] @ layer.weight[k] + layer.bias[k]
        torch.testing.assert_close(out[:, k], expected)


def test_training_starts_near_the_bias():
    bias = torch.tensor([1.0, -2.0])
    layer = PartWiseLinear(24, 128, 2, bias)
    out = layer(torch.randn(8, 24, 128))
    torch.testing.assert_close(out, bias.expand_as(out), atol=0.2, rtol=0)
