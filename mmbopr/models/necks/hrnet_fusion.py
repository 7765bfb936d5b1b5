"""Learned upsampling of HRNet's four maps (PARE's ``-conv`` backbone)."""

from typing import Sequence

import torch
from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional as F

from mmbopr.registry import MODELS


class _UpsampleConv(ConvModule):
    """Bilinear x2, then 3x3 convolution, batch norm, ReLU."""

    def __init__(self, channels: int):
        super().__init__(
            channels, channels, 3, padding=1, norm_cfg={'type': 'BN'}
        )

    def forward(self, x: Tensor) -> Tensor:
        x = F.interpolate(
            x, scale_factor=2, mode='bilinear', align_corners=True
        )
        return super().forward(x)


@MODELS.register_module()
class HRNetFusion(BaseModule):
    """Bring four branches to the finest resolution and concatenate them.

    Branch i passes i upsampling convolutions.

    Args:
        in_channels: Channels of the branches, finest first.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self, in_channels: Sequence[int], init_cfg: dict | None = None
    ):
        super().__init__(init_cfg)
        self.branches = nn.ModuleList(
            nn.Sequential(*(_UpsampleConv(channels) for _ in range(i)))
            for i, channels in enumerate(in_channels)
        )

    def forward(self, feats: Sequence[Tensor]) -> Sequence[Tensor]:
        """Fuse maps (N, C_i, H / 2^i, W / 2^i) to one (N, sum C_i, H, W)."""
        maps = [b(x) for b, x in zip(self.branches, feats, strict=True)]
        return (torch.cat(maps, 1),)
