"""The iterative regressor, iterated by hand."""

import pytest
import torch

from mmbopr.models import HMRHead
from mmbopr.utils.rotation import rot6d_to_matrix


@pytest.mark.parametrize('iterations', [1, 3])
def test_corrections_are_summed(crops, iterations):
    torch.manual_seed(0)
    head = HMRHead(32, hidden_channels=16, num_iterations=iterations).eval()
    for layer in (head.decpose, head.decshape, head.deccam):
        torch.nn.init.normal_(layer.weight, std=0.3)
        torch.nn.init.normal_(layer.bias, std=0.3)
    feat = torch.randn(2, 32)
    out = head((torch.zeros(2, 5), feat), crops)

    state = torch.cat([head.init_pose, head.init_shape, head.init_cam], 1)
    state = state.expand(2, -1)
    for _ in range(iterations):
        hidden = torch.cat([feat, state], 1) @ head.fc1.weight.T
        hidden = (hidden + head.fc1.bias) @ head.fc2.weight.T + head.fc2.bias
        decoders = head.decpose, head.decshape, head.deccam
        state = state + torch.cat([d(hidden) for d in decoders], 1)
    torch.testing.assert_close(
        out.pose_rotmat, rot6d_to_matrix(state[:, :144].view(2, 24, 6))
    )
    torch.testing.assert_close(out.betas, state[:, 144:154])
    torch.testing.assert_close(out.cam, state[:, 154:])


def test_a_checkpoint_brings_its_own_mean_body(crops):
    head = HMRHead(4, hidden_channels=8).eval()
    state = head.state_dict()
    assert state['init_pose'].shape == (1, 144)
    state['init_shape'] = torch.arange(10.0)[None]
    for name in ('decshape.weight', 'decshape.bias'):
        state[name] = torch.zeros_like(state[name])
    head.load_state_dict(state)
    out = head((torch.randn(3, 4),), crops)
    assert out.betas.tolist() == [list(range(10))] * 3


def test_dropout_acts_in_training_only(crops):
    head = HMRHead(4, hidden_channels=64)
    feat = (torch.randn(2, 4),)
    assert not torch.equal(head(feat, crops).cam, head(feat, crops).cam)
    head.eval()
    assert torch.equal(head(feat, crops).cam, head(feat, crops).cam)


def test_parameter_count():
    """SPIN's regressor: two hidden layers and three decoders."""
    count = sum(p.numel() for p in HMRHead().parameters())
    hidden = (2048 + 157) * 1024 + 1024 + 1024 * 1024 + 1024
    assert count == hidden + 1024 * 157 + 157
