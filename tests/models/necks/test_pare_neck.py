"""PARE's neck against its formulas written out."""

import pytest
import torch
from torch.nn import functional as F

from mmbopr.models import PAREHead, PARENeck
from mmbopr.structures.predictions import BodyTargets


@pytest.fixture
def maps():
    generator = torch.Generator().manual_seed(0)
    return [
        torch.randn(2, c, 8 // 2**i, 8 // 2**i, generator=generator)
        for i, c in enumerate([2, 4])
    ]


def make_neck(**kwargs):
    torch.manual_seed(0)
    fusion = dict(type='HRNetFusion', in_channels=[2, 4])
    return PARENeck(6, fusion, part_channels=10, **kwargs)


def test_features_are_weighted_by_the_softmax_of_each_part(maps):
    neck = make_neck().eval()
    out = neck(maps)
    x = neck.fuse(maps)
    logits = neck.part_attention(neck.segmentation_tower(x))
    torch.testing.assert_close(out.part_logits, logits)
    assert out.part_logits.shape == (2, 25, 8, 8)
    feats = neck.part_features(x)
    for part in (0, 23):  # channel 0 of the logits is the background
        weights = logits[0, part + 1].exp() / logits[0, part + 1].exp().sum()
        expected = (weights * feats[0]).sum((1, 2))
        torch.testing.assert_close(out.part_query_feats[0, part], expected)


def test_projecting_pooled_features_equals_pares_convolved_map(maps):
    """What shape and camera read, as the original orders its steps."""
    neck, head = make_neck().eval(), PAREHead(10, cam_shape_channels=5)
    out = neck(maps)
    layer = head.cam_shape_projection
    convolved = F.conv2d(
        neck.part_features(neck.fuse(maps)),
        layer.weight[..., None, None],
        layer.bias,
    )
    attention = out.part_logits[:, 1:].flatten(2).softmax(-1)
    expected = torch.einsum('nkp,ncp->nkc', attention, convolved.flatten(2))
    torch.testing.assert_close(layer(out.part_query_feats), expected)


def test_every_parameter_gets_a_gradient(maps):
    neck = make_neck()
    sum(x.square().sum() for x in neck(maps)).backward()
    for name, parameter in neck.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_part_segmentation_is_the_only_loss(maps):
    loss = dict(type='PartSegmentationLoss', loss_weight=60.0)
    neck = make_neck(loss_part_seg=loss)
    features = neck(maps)
    unused = [None] * len(BodyTargets._fields)
    targets = BodyTargets(*unused)._replace(
        part_map=torch.randint(25, (2, 8, 8)),
        has_segmentation=torch.tensor([True, False]),
    )
    losses = neck.loss(features, targets)
    expected = 60 * F.cross_entropy(
        features.part_logits[:1], targets.part_map[:1]
    )
    assert list(losses) == ['loss_part_seg']
    torch.testing.assert_close(losses['loss_part_seg'], expected)
    assert make_neck().loss(features, targets) == {}


def test_parameter_count():
    count = sum(p.numel() for p in PARENeck(480).parameters())
    count += sum(p.numel() for p in PAREHead().parameters())
    assert count / 1e6 == pytest.approx(1.452, rel=0.01)
