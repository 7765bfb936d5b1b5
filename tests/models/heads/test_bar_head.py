"""BAR: where it starts, what it depends on, its size."""

import pytest
import torch

from mmbopr.models import BARHead, CrossAttentionBARHead, LayerNormBARHead
from mmbopr.models.heads.base_mesh_head import initial_rot6d
from mmbopr.utils.rotation import rot6d_to_matrix

HEADS = [BARHead, CrossAttentionBARHead, LayerNormBARHead]


@pytest.mark.parametrize('cls', HEADS)
def test_shapes_and_gradients(cls, features, crops):
    head = cls()
    out = head(features, crops)
    assert out.pose_rotmat.shape == (2, 24, 3, 3)
    assert out.betas.shape == (2, 10)
    assert out.cam.shape == (2, 3)
    assert out.rel_depth.shape == (2, 24, 3)
    generator = torch.manual_seed(1)
    sum(
        (x * torch.randn(x.shape, generator=generator)).sum() for x in out
    ).backward()
    for name, parameter in head.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize('cls', HEADS)
def test_training_starts_from_an_upright_person(cls, features, crops):
    out = cls()(features, crops)
    rest = rot6d_to_matrix(initial_rot6d()).expand(2, -1, -1, -1)
    torch.testing.assert_close(out.pose_rotmat, rest, atol=0.3, rtol=0)
    torch.testing.assert_close(
        rest[0, 0], torch.diag(torch.tensor([1.0, -1, -1]))
    )
    torch.testing.assert_close(
        out.cam, torch.tensor([[0.9, 0, 0]] * 2), atol=0.2, rtol=0
    )


@pytest.mark.parametrize('cls', HEADS)
def test_every_part_sees_the_body_reference_and_the_other_parts(cls, features):
    head = cls()
    reference = features.body_ref_feat.clone().requires_grad_()
    parts = features.part_query_feats.clone().requires_grad_()
    inputs = features._replace(body_ref_feat=reference, part_query_feats=parts)
    encoded = head.encode_parts(inputs)
    assert encoded.shape == (2, 24, 128)
    weight = torch.randn(128, generator=torch.manual_seed(0))
    (encoded[:, 3] @ weight).sum().backward()
    assert reference.grad.abs().sum() > 0
    assert (parts.grad.abs().sum((0, 2)) > 0).all()


def test_parts_with_equal_features_are_told_apart(features):
    same = features.part_query_feats[:, :1].expand(-1, 24, -1)
    encoded = BARHead().encode_parts(features._replace(part_query_feats=same))
    assert (encoded[:, 0] - encoded[:, 1]).abs().max() > 1e-3


def test_stacked_layers_start_differently():
    layers = BARHead().body_aware_transformer
    first, second = (x.linear1.weight for x in layers)
    assert not torch.equal(first, second)


def test_parameter_count():
    count = sum(p.numel() for p in BARHead().parameters())
    assert count / 1e6 == pytest.approx(0.706, rel=0.015)


def test_the_regression_transformer_can_be_left_out(features, crops):
    head = BARHead(regression_layers=0)
    assert not list(head.regression_transformer.parameters())
    assert head(features, crops).betas.shape == (2, 10)
