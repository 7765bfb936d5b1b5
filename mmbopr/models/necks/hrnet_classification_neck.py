"""One feature vector from HRNet's four maps (HRNet for classification)."""

from itertools import pairwise
from typing import Sequence, Tuple

from mmengine.model import BaseModule
from mmpose.models.backbones.resnet import Bottleneck, ResLayer
from torch import Tensor, nn

from mmbopr.registry import MODELS

# Bottleneck outputs of the four branches, finest first, in every HRNet-W*-C.
_BRANCH_CHANNELS = (128, 256, 512, 1024)


@MODELS.register_module()
class HRNetClassificationNeck(BaseModule):
    """Widen the maps, add them from fine to coarse, project, average.

    The head of the image classification HRNet without its last layer: what
    MMPretrain builds as ``HRFuseScales`` and ``GlobalAveragePooling``, with
    the parameter names of the original.

    Args:
        in_channels: Channels of the four branches, finest first.
        out_channels: Length of the feature.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        in_channels: Sequence[int],
        out_channels: int = 2048,
        init_cfg: dict | None = None,
    ):
        super().__init__(init_cfg)
        self.incre_modules = nn.ModuleList(
            ResLayer(Bottleneck, 1, narrow, wide)
            for narrow, wide in zip(in_channels, _BRANCH_CHANNELS, strict=True)
        )
        self.downsamp_modules = nn.ModuleList(
            _conv(fine, coarse, 3, stride=2, padding=1)
            for fine, coarse in pairwise(_BRANCH_CHANNELS)
        )
        self.final_layer = _conv(_BRANCH_CHANNELS[-1], out_channels, 1)

    def forward(self, feats: Sequence[Tensor]) -> Tuple[Tensor]:
        """Reduce maps (N, C_i, H / 2^i, W / 2^i) to one (N, C)."""
        maps = [
            widen(x)
            for widen, x in zip(self.incre_modules, feats, strict=True)
        ]
        fused = maps[0]
        for down, coarser in zip(self.downsamp_modules, maps[1:], strict=True):
            fused = down(fused) + coarser
        return (self.final_layer(fused).mean((2, 3)),)


def _conv(in_channels: int, out_channels: int, *size, **kwargs):
    """Convolution with bias, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, *size, **kwargs),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )
