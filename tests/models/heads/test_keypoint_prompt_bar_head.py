"""Prompts: what they change, and that they may be absent."""

import pytest
import torch

from mmbopr.models import BARHead, KeypointPromptBARHead


@pytest.fixture
def head():
    torch.manual_seed(0)
    head = KeypointPromptBARHead()
    # As after training: the projection starts at zero.
    torch.nn.init.xavier_uniform_(
        head.prompt_encoder.attention.out_proj.weight
    )
    return head


@pytest.fixture
def prompted(crops):
    generator = torch.manual_seed(1)
    xy = torch.rand(2, 17, 2, generator=generator) * 2 - 1
    return crops._replace(
        keypoint_prompts=torch.cat([xy, torch.ones(2, 17, 1)], -1)
    )


def test_it_starts_as_the_head_of_the_paper(features, prompted):
    torch.manual_seed(0)
    plain = BARHead()
    head = KeypointPromptBARHead()
    state = head.load_state_dict(plain.state_dict(), strict=False)
    assert not state.unexpected_keys
    assert all(k.startswith('prompt_encoder') for k in state.missing_keys)
    ours, theirs = head(features, prompted), plain(features, prompted)
    for a, b in zip(ours, theirs, strict=True):
        assert torch.equal(a, b)


def test_every_prompt_reaches_every_part(head, features, prompted):
    prompts = prompted.keypoint_prompts.clone().requires_grad_()
    told = head.prompt_encoder(prompts)
    assert told.shape == (2, 24, 128)
    weight = torch.randn(128, generator=torch.manual_seed(2))
    for part in (0, 7, 23):
        (grad,) = torch.autograd.grad(
            (told[:, part] @ weight).sum(), prompts, retain_graph=True
        )
        assert (grad.abs().sum(-1) > 0).all()


def test_what_is_not_given_is_not_read(head, features, prompted):
    prompts = prompted.keypoint_prompts.clone()
    prompts[:, 5, 2] = 0
    before = head(features, prompted._replace(keypoint_prompts=prompts))
    prompts = prompts.clone()
    prompts[:, 5, :2] = float('nan')
    after = head(features, prompted._replace(keypoint_prompts=prompts))
    assert torch.equal(before.pose_rotmat, after.pose_rotmat)
    shown = head(features, prompted)
    assert (shown.pose_rotmat - before.pose_rotmat).abs().max() > 1e-6


def test_no_prompt_at_all_is_fine(head, features, crops):
    out = head(features, crops)
    assert all(torch.isfinite(x).all() for x in out)
    sum(x.sum() for x in out).backward()
    grad = head.prompt_encoder.no_prompt.grad
    assert torch.isfinite(grad).all()


def test_joints_are_told_apart(head, prompted):
    prompts = prompted.keypoint_prompts
    swapped = prompts[:, [*range(5), 6, 5, *range(7, 17)]]
    assert not torch.allclose(
        head.prompt_encoder(prompts), head.prompt_encoder(swapped)
    )


def test_every_parameter_gets_a_gradient(head, features, prompted):
    out = head(features, prompted)
    generator = torch.manual_seed(1)
    sum(
        (x * torch.randn(x.shape, generator=generator)).sum() for x in out
    ).backward()
    for name, parameter in head.named_parameters():
        assert parameter.grad.abs().sum() > 0, name
