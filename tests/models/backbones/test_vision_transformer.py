"""ViT against its formula, and checkpoints under other names."""

import pytest
import torch
from torch.nn import functional as F

from mmbopr.models import VisionTransformer
from mmbopr.models.backbones import vision_transformer


def build():
    return VisionTransformer(
        (64, 48),
        embed_dims=12,
        depth=2,
        num_heads=3,
        feedforward_channels=20,
    )


@pytest.fixture
def vit():
    torch.manual_seed(0)
    return build()


def by_hand(vit, x):
    """Pre-norm attention and feed-forward blocks, written out."""
    weights = vit.state_dict()
    x = F.conv2d(
        x, weights['patch_embed.weight'], weights['patch_embed.bias'], 16, 2
    )
    rows, columns = x.shape[2:]
    x = x.flatten(2).transpose(1, 2) + weights['pos_embed']
    for i in range(2):
        layer = {
            key.removeprefix(f'layers.{i}.'): value
            for key, value in weights.items()
        }

        def norm(x, name, layer=layer):
            mean, var = (
                x.mean(-1, keepdim=True),
                x.var(-1, False, keepdim=True),
            )
            x = (x - mean) / (var + 1e-6).sqrt()
            return x * layer[f'{name}.weight'] + layer[f'{name}.bias']

        def linear(x, name, layer=layer):
            return x @ layer[f'{name}.weight'].T + layer[f'{name}.bias']

        y = norm(x, 'norm1')
        qkv = y @ layer['self_attn.in_proj_weight'].T
        qkv = qkv + layer['self_attn.in_proj_bias']
        q, k, v = qkv.unflatten(-1, (3, 3, 4)).unbind(2)
        scores = torch.einsum('nqhc,nkhc->nhqk', q, k) / 2
        mixed = torch.einsum('nhqk,nkhc->nqhc', scores.softmax(-1), v)
        x = x + linear(mixed.flatten(2), 'self_attn.out_proj')
        x = x + linear(F.gelu(linear(norm(x, 'norm2'), 'linear1')), 'linear2')
    x = F.layer_norm(
        x, (12,), weights['norm.weight'], weights['norm.bias'], 1e-6
    )
    return x.transpose(1, 2).reshape(len(x), 12, rows, columns)


def test_one_map_as_by_the_formula(vit):
    images = torch.randn(2, 3, 48, 64, generator=torch.manual_seed(1))
    (out,) = vit(images)
    assert out.shape == (2, 12, 3, 4)
    torch.testing.assert_close(out, by_hand(vit, images), atol=1e-5, rtol=1e-4)


def as_vitpose(state_dict):
    """The same weights under the names of ViTPose's checkpoints."""
    names = {}
    for key, value in state_dict.items():
        for ours, theirs in (
            ('patch_embed.', 'patch_embed.projection.'),
            ('norm1.', 'ln1.'),
            ('norm2.', 'ln2.'),
            ('self_attn.in_proj_', 'attn.qkv.'),
            ('self_attn.out_proj.', 'attn.proj.'),
            ('linear1.', 'ffn.layers.0.0.'),
            ('linear2.', 'ffn.layers.1.'),
        ):
            key = key.replace(ours, theirs)
        key = key.replace('norm.', 'ln1.') if key[:5] == 'norm.' else key
        names[key] = value
    return names


def test_vitpose_names_are_understood(vit):
    images = torch.randn(1, 3, 48, 64, generator=torch.manual_seed(1))
    other = build()
    weights = as_vitpose(vit.state_dict())
    assert 'layers.1.attn.qkv.weight' in weights and 'ln1.bias' in weights
    other.load_state_dict(weights)
    assert torch.equal(other(images)[0], vit(images)[0])


def as_mae(state_dict, positions):
    """The same under the names of MAE's encoder, with a class token."""
    names = {'cls_token': torch.full((1, 1, 12), 1e6)}
    for key, value in state_dict.items():
        for ours, theirs in (
            ('patch_embed.', 'patch_embed.proj.'),
            ('layers.', 'blocks.'),
            ('self_attn.in_proj_', 'attn.qkv.'),
            ('self_attn.out_proj.', 'attn.proj.'),
            ('linear1.', 'mlp.fc1.'),
            ('linear2.', 'mlp.fc2.'),
        ):
            key = key.replace(ours, theirs)
        names[key] = value
    class_position = torch.full((1, 1, 12), -1e6)
    names['pos_embed'] = torch.cat([class_position, positions], 1)
    return names


def test_mae_is_read_without_its_class_token(vit, monkeypatch):
    images = torch.randn(1, 3, 48, 64, generator=torch.manual_seed(1))
    log = []
    monkeypatch.setattr(
        vision_transformer, 'print_log', lambda text, logger: log.append(text)
    )
    # 196 positions, as of 14 x 14 patches: their rows differ, not columns.
    ramp = torch.arange(14.0).repeat_interleave(14)
    positions = ramp[None, :, None].expand(1, 196, 12)
    weights = as_mae(vit.state_dict(), positions)
    assert weights['pos_embed'].shape == (1, 197, 12)
    assert 'blocks.1.mlp.fc1.weight' in weights
    other = build()
    other.load_state_dict(weights)
    (line,) = log
    assert 'cls_token and row 0 of pos_embed' in line
    # Three rows: the middle one is that of the grid, to either side 14 / 3.
    rows = other.pos_embed.detach().unflatten(1, (3, 4))
    torch.testing.assert_close(
        rows[0, 1], torch.full((4, 12), 6.5), atol=1e-4, rtol=0
    )
    torch.testing.assert_close(
        rows[0, 2] - rows[0, 0], torch.full((4, 12), 28 / 3), atol=1, rtol=0
    )
    vit.load_state_dict(vit.state_dict() | {'pos_embed': other.pos_embed})
    assert torch.equal(other(images)[0], vit(images)[0])


def test_a_class_token_of_the_same_grid(vit):
    weights = as_mae(vit.state_dict(), vit.pos_embed.detach())
    other = build()
    other.load_state_dict(weights)
    for key, value in vit.state_dict().items():
        assert torch.equal(other.state_dict()[key], value), key


def test_positions_are_resized(vit):
    weights = vit.state_dict()
    # A ramp along the columns stays one, at any resolution.
    ramp = (torch.arange(16.0) + 0.5) / 16
    ramp = ramp.repeat(12)[None, :, None].expand(1, 192, 12)
    weights['pos_embed'] = ramp
    with pytest.raises(ValueError, match=r'192 .* 13 x 13.*pretrained_grid'):
        vit.load_state_dict(weights)
    vit.pretrained_grid = (16, 12)
    vit.load_state_dict(vit.state_dict() | {'pos_embed': ramp})
    columns = vit.pos_embed.detach().unflatten(1, (3, 4))[0, :, :, 0]
    expected = (torch.arange(4.0) + 0.5) / 4
    torch.testing.assert_close(
        columns[:, 1:3], expected[1:3].expand(3, 2), atol=2e-3, rtol=0
    )
