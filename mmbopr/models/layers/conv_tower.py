"""PARE's branches: two convolutions on the fused map."""

from mmcv.cnn import ConvModule
from torch import nn


def conv_tower(in_channels: int, channels: int) -> nn.Sequential:
    """Two 3x3 convolutions with batch norm and ReLU."""
    return nn.Sequential(
        *(
            ConvModule(c, channels, 3, padding=1, norm_cfg={'type': 'BN'})
            for c in (in_channels, channels)
        )
    )
