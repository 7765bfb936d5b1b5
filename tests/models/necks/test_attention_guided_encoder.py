"""AGE: shapes, the formula of eq. (1), gradients, variants."""

import pytest
import torch
from torch.nn import functional as F

from mmbopr.models import (
    AttentionGuidedEncoder,
    HRNetFusion,
    LateralFusion,
    MeanAttentionGuidedEncoder,
    TowerAttentionGuidedEncoder,
)
from mmbopr.models.layers import attention_pool, spatial_softmax

VARIANTS = [AttentionGuidedEncoder, TowerAttentionGuidedEncoder]


@pytest.mark.parametrize('cls', VARIANTS)
def test_shapes_and_gradients(cls):
    neck = cls(6, part_channels=10, channels_2d=4, channels_3d=5)
    out = neck([torch.randn(2, 6, 8, 8)])
    assert out.part_query_feats.shape == (2, 24, 10)
    assert out.body_ref_feat.shape == (2, 9)
    assert out.part_logits.shape == (2, 25, 8, 8)
    assert out.body_logits.shape == (2, 1, 8, 8)
    assert out.aux_keypoints_2d.shape == (2, 24, 2)
    assert out.aux_keypoints_3d.shape == (2, 24, 3)
    sum(x.square().sum() for x in out).backward()
    for name, parameter in neck.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_features_follow_eq_1():
    """Convolve every map, then pool: what the module avoids."""
    neck = AttentionGuidedEncoder(6, channels_2d=4, channels_3d=5)
    x = torch.randn(2, 6, 8, 8)
    out = neck([x])

    def conv(layer):
        return F.conv2d(x, layer.weight, layer.bias, padding=1)

    body_logits, part_logits = (
        conv(neck.body_attention),
        conv(neck.part_attention),
    )
    torch.testing.assert_close(out.body_logits, body_logits)
    torch.testing.assert_close(out.part_logits, part_logits)
    feat_2d, feat_3d = conv(neck.features_2d), conv(neck.features_3d)
    reference = attention_pool(
        torch.cat([feat_2d, feat_3d], 1), spatial_softmax(body_logits)
    )
    torch.testing.assert_close(out.body_ref_feat, reference[:, 0])
    torch.testing.assert_close(
        out.part_query_feats,
        attention_pool(
            conv(neck.part_features), spatial_softmax(part_logits[:, 1:])
        ),
    )
    aux = neck.aux_2d(feat_2d.mean((2, 3))).view(2, 24, 2)
    torch.testing.assert_close(out.aux_keypoints_2d, aux)


def test_hrnet_fusion_upsamples_and_concatenates():
    fusion = HRNetFusion([2, 3, 5])
    maps = [
        torch.randn(1, c, 8 // 2**i, 8 // 2**i)
        for i, c in enumerate([2, 3, 5])
    ]
    (fused,) = fusion(maps)
    assert fused.shape == (1, 10, 8, 8)
    torch.testing.assert_close(fused[:, :2], maps[0])
    assert [len(branch) for branch in fusion.branches] == [0, 1, 2]


def test_lateral_fusion_adds_upsampled_maps():
    fusion = LateralFusion([2, 3], 4).eval()
    maps = [torch.randn(1, 2, 8, 8), torch.randn(1, 3, 4, 4)]
    fine, coarse = (m(x) for m, x in zip(fusion.laterals, maps, strict=True))
    expected = fine + F.interpolate(coarse, scale_factor=2, mode='bilinear')
    torch.testing.assert_close(fusion(maps)[0], expected.relu())


def test_the_last_map_is_used_without_fusion():
    neck = AttentionGuidedEncoder(3).eval()
    a, b = torch.randn(1, 9, 4, 4), torch.randn(1, 3, 4, 4)
    torch.testing.assert_close(
        neck([a, b]).part_query_feats, neck([b]).part_query_feats
    )


@pytest.mark.parametrize(
    ('cls', 'millions'),
    [(AttentionGuidedEncoder, 1.219), (TowerAttentionGuidedEncoder, 2.824)],
)
def test_parameter_counts(cls, millions):
    count = sum(p.numel() for p in cls(480).parameters())
    assert count / 1e6 == pytest.approx(millions, rel=0.01)


def test_without_body_attention_the_reference_is_the_average():
    neck = MeanAttentionGuidedEncoder(6, channels_2d=4, channels_3d=5)
    plain = AttentionGuidedEncoder(6, channels_2d=4, channels_3d=5)
    plain.load_state_dict(neck.state_dict())
    x = torch.randn(2, 6, 8, 8, generator=torch.manual_seed(0))
    out, attended = neck([x]), plain([x])
    means = [
        F.conv2d(x, layer.weight, layer.bias, padding=1).mean((2, 3))
        for layer in (neck.features_2d, neck.features_3d)
    ]
    torch.testing.assert_close(out.body_ref_feat, torch.cat(means, 1))
    assert (attended.body_ref_feat - out.body_ref_feat).abs().max() > 1e-3
    torch.testing.assert_close(out.part_query_feats, attended.part_query_feats)


@pytest.mark.parametrize('scale', [1.0, 4.0])
def test_a_single_map_of_a_transformer_is_enough(scale):
    """The 14 x 14 tokens of a ViT, as they are or enlarged."""
    fusion = dict(type='mmpose.FeatureMapProcessor', scale_factor=scale)
    neck = AttentionGuidedEncoder(6, fusion if scale > 1 else None)
    out = neck((torch.randn(2, 6, 14, 14),))
    side = int(14 * scale)
    assert out.part_logits.shape == (2, 25, side, side)
    assert out.part_query_feats.shape == (2, 24, 128)
