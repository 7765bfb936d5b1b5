"""A plain vision transformer (ViT), as ViTPose and MAE train it."""

import re
from typing import Dict, Optional, Sequence, Tuple

import torch
from mmengine.logging import print_log
from mmpose.models.backbones.base_backbone import BaseBackbone
from torch import Tensor, nn
from torch.nn import functional as F

from mmbopr.registry import MODELS

# Names of MMPretrain and, where they differ, of timm -> ours.
_RENAMED = (
    (r'^patch_embed\.proj(ection)?\.', 'patch_embed.'),
    (r'^blocks\.', 'layers.'),
    (r'\.ln(\d)\.', r'.norm\1.'),
    (r'\.attn\.qkv\.', '.self_attn.in_proj_'),
    (r'\.attn\.proj\.', '.self_attn.out_proj.'),
    (r'\.ffn\.layers\.0\.0\.', '.linear1.'),
    (r'\.ffn\.layers\.1\.', '.linear2.'),
    (r'\.mlp\.fc(\d)\.', r'.linear\1.'),
    (r'^ln1\.', 'norm.'),
)


@MODELS.register_module()
class VisionTransformer(BaseBackbone):
    """Patches, position embeddings, pre-norm transformer layers, a norm.

    Checkpoints are read under MMPretrain's names, which mmpose's ViTPose
    models have, and under timm's, which MAE's encoder has.  Position
    embeddings are resized.  There is no class token: that of a checkpoint is
    dropped with its position, which the log says.

    Args:
        img_size: (w, h) of the input, pixels.
        patch_size: Side of a patch, pixels.
        embed_dims: Width of the tokens.
        depth: Number of layers.
        num_heads: Attention heads.
        feedforward_channels: Width of the feed-forward blocks.
        patch_padding: Zero padding of the patch projection: 2 in ViTPose, 0
            in MAE.
        pretrained_grid: (columns, rows) of the position embeddings in the
            checkpoint; by default they are taken to be square.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        img_size: Tuple[int, int] = (224, 224),
        patch_size: int = 16,
        *,
        embed_dims: int = 768,
        depth: int = 12,
        num_heads: int = 12,
        feedforward_channels: int = 3072,
        patch_padding: int = 2,
        pretrained_grid: Optional[Tuple[int, int]] = None,
        init_cfg: Optional[dict] = None,
    ):
        super().__init__(init_cfg)
        self.pretrained_grid = pretrained_grid
        self.patch_embed = nn.Conv2d(
            3, embed_dims, patch_size, patch_size, patch_padding
        )
        self.grid = tuple(
            (x + 2 * patch_padding - patch_size) // patch_size + 1
            for x in img_size
        )
        columns, rows = self.grid
        self.pos_embed = nn.Parameter(
            torch.zeros(1, rows * columns, embed_dims)
        )
        nn.init.trunc_normal_(self.pos_embed, std=0.02)
        self.layers = nn.Sequential(
            *(
                nn.TransformerEncoderLayer(
                    embed_dims,
                    num_heads,
                    feedforward_channels,
                    dropout=0.0,
                    activation='gelu',
                    layer_norm_eps=1e-6,
                    batch_first=True,
                    norm_first=True,
                )
                for _ in range(depth)
            )
        )
        self.norm = nn.LayerNorm(embed_dims, eps=1e-6)
        self._register_load_state_dict_pre_hook(self._adapt_checkpoint)

    def forward(self, x: Tensor) -> Sequence[Tensor]:
        """Encode images (N, 3, h, w) of ``img_size``.

        Returns:
            tuple[Tensor]: one map (N, C, rows, columns).
        """
        columns, rows = self.grid
        tokens = self.patch_embed(x).flatten(2).transpose(1, 2)
        tokens = self.norm(self.layers(tokens + self.pos_embed))
        return (tokens.transpose(1, 2).unflatten(2, (rows, columns)),)

    def _adapt_checkpoint(
        self, state_dict: Dict[str, Tensor], prefix: str, *_
    ) -> None:
        """Give the checkpoint's entries our names and our grid, in place."""
        for key in [k for k in state_dict if k.startswith(prefix)]:
            name = key[len(prefix) :]
            for pattern, ours in _RENAMED:
                name = re.sub(pattern, ours, name)
            state_dict[prefix + name] = state_dict.pop(key)
        key = prefix + 'pos_embed'
        if key not in state_dict:
            return
        if state_dict.pop(prefix + 'cls_token', None) is not None:
            state_dict[key] = state_dict[key][:, 1:]
            print_log(
                f'dropped of the checkpoint: {prefix}cls_token and row 0 of '
                f'{key}, its position; {type(self).__name__} has none',
                logger='current',
            )
        state_dict[key] = self._resize_positions(state_dict[key])

    def _resize_positions(self, pos_embed: Tensor) -> Tensor:
        """Position embeddings (1, T, C) at our grid.

        Raises:
            ValueError: If their grid is unknown.
        """
        count = pos_embed.shape[1]
        if count == self.pos_embed.shape[1]:
            return pos_embed
        columns, rows = self.pretrained_grid or (int(count**0.5),) * 2
        if columns * rows != count:
            raise ValueError(
                f'the checkpoint has {count} position embeddings, which is '
                f'not {columns} x {rows}: set pretrained_grid=(columns, rows)'
            )
        maps = pos_embed.transpose(1, 2).unflatten(2, (rows, columns))
        maps = F.interpolate(
            maps, self.grid[::-1], mode='bicubic', align_corners=False
        )
        return maps.flatten(2).transpose(1, 2)
