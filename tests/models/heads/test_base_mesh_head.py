"""What holds for every head without relative depth."""

import pytest
import torch

from mmbopr.models import (
    CLIFFHead,
    CropCamera,
    HMRHead,
    PAREHead,
    PARETransformerHead,
)
from mmbopr.models.heads.base_mesh_head import initial_rot6d
from mmbopr.utils.rotation import rot6d_to_matrix

HEADS = [CLIFFHead, HMRHead, PAREHead, PARETransformerHead]
ITERATIVE = (CLIFFHead, HMRHead)


@pytest.fixture(params=HEADS)
def head_and_inputs(request, features, crops):
    torch.manual_seed(0)
    head = request.param()
    if isinstance(head, ITERATIVE):
        return head, (torch.randn(2, 2048),)
    return head, features


def test_shapes_and_gradients(head_and_inputs, crops):
    head, inputs = head_and_inputs
    out = head(inputs, crops)
    assert out.pose_rotmat.shape == (2, 24, 3, 3)
    assert out.betas.shape == (2, 10)
    assert out.cam.shape == (2, 3)
    assert out.rel_depth is None
    generator = torch.manual_seed(1)
    sum(
        (x * torch.randn(x.shape, generator=generator)).sum() for x in out[:3]
    ).backward()
    for name, parameter in head.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_training_starts_from_an_upright_person(head_and_inputs, crops):
    head, inputs = head_and_inputs
    out = head(inputs, crops)
    rest = rot6d_to_matrix(initial_rot6d()).expand(2, -1, -1, -1)
    torch.testing.assert_close(out.pose_rotmat, rest, atol=0.3, rtol=0)
    torch.testing.assert_close(
        out.cam, torch.tensor([[0.9, 0, 0]] * 2), atol=0.2, rtol=0
    )
    torch.testing.assert_close(out.betas, torch.zeros(2, 10), atol=0.3, rtol=0)


@pytest.mark.parametrize('cls', HEADS)
def test_a_depth_loss_is_refused(cls, features, crops, body):
    inputs = (torch.randn(2, 2048),) if cls in ITERATIVE else features
    head = cls(loss_rel_depth=dict(type='RelativeDepthLoss'))
    with pytest.raises(ValueError, match=f'{cls.__name__}.*loss_rel_depth'):
        head.loss(inputs, crops, None, body.neutral, CropCamera())
