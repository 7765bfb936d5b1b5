"""Sum of a classification backbone's maps at the finest resolution."""

from typing import Sequence

from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional as F

from mmbopr.registry import MODELS


@MODELS.register_module()
class LateralFusion(BaseModule):
    """Project every map to one width, upsample and add (as FPN's top-down).

    For backbones whose coarse maps are wide, such as ResNet, where
    concatenation would be costly.

    Args:
        in_channels: Channels of the maps, finest first.
        out_channels: Width of the fused map.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        in_channels: Sequence[int],
        out_channels: int,
        init_cfg: dict | None = None,
    ):
        super().__init__(init_cfg)
        self.laterals = nn.ModuleList(
            ConvModule(
                channels,
                out_channels,
                1,
                norm_cfg={'type': 'BN'},
                act_cfg=None,
            )
            for channels in in_channels
        )

    def forward(self, feats: Sequence[Tensor]) -> Sequence[Tensor]:
        """Fuse maps (N, C_i, H_i, W_i) to one (N, out_channels, H_0, W_0)."""
        maps = [m(x) for m, x in zip(self.laterals, feats, strict=True)]
        fused = maps[-1]
        for finer in reversed(maps[:-1]):
            fused = finer + F.interpolate(
                fused, finer.shape[2:], mode='bilinear'
            )
        return (F.relu(fused),)
