"""The neck of HRNet's classification network."""

import torch

from mmbopr.models import HRNetClassificationNeck

CHANNELS = [6, 12, 24, 48]


def make_maps():
    generator = torch.Generator().manual_seed(0)
    return tuple(
        torch.randn(2, c, 16 // 2**i, 8 // 2**i, generator=generator)
        for i, c in enumerate(CHANNELS)
    )


def test_maps_are_added_from_fine_to_coarse_and_averaged():
    torch.manual_seed(0)
    neck = HRNetClassificationNeck(CHANNELS, 7).eval()
    maps = make_maps()
    (out,) = neck(maps)
    assert out.shape == (2, 7)
    wide = [neck.incre_modules[i](maps[i]) for i in range(4)]
    assert [x.shape[1] for x in wide] == [128, 256, 512, 1024]
    fused = neck.downsamp_modules[0](wide[0]) + wide[1]
    fused = neck.downsamp_modules[1](fused) + wide[2]
    fused = neck.downsamp_modules[2](fused) + wide[3]
    assert fused.shape == (2, 1024, 2, 1)
    projected = neck.final_layer(fused)
    torch.testing.assert_close(
        out, (projected[..., 0, 0] + projected[..., 1, 0]) / 2
    )


def test_every_parameter_gets_a_gradient():
    neck = HRNetClassificationNeck(CHANNELS, 7)
    neck(make_maps())[0].square().sum().backward()
    for name, parameter in neck.named_parameters():
        assert parameter.grad.abs().sum() > 0, name
