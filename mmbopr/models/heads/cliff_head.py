"""HMR that knows where in the image its crop lies (CLIFF, ECCV 2022)."""

from typing import Sequence

import torch
from torch import Tensor

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import CropContext

from .hmr_head import HMRHead

# CLIFF's normalisation, per focal length: about zero mean, unit variance.
_OFFSET_SCALE = 2.8
_SIZE_MEAN, _SIZE_SCALE = 0.24, 0.06


def bbox_info(crops: CropContext) -> Tensor:
    """Place and size of the crops as angles seen by the camera.

    Args:
        crops: Boxes and intrinsics of N crops, pixels.

    Returns:
        Tensor: (N, 3) as (right, down, longer side), normalised by CLIFF's
        constants.
    """
    centre, size = crops.bbox.split(2, -1)
    focal, principal = crops.K.split(2, -1)
    offset = (centre - principal) / focal * _OFFSET_SCALE
    side = size.amax(-1, keepdim=True) / focal[:, :1]
    return torch.cat([offset, (side - _SIZE_MEAN) / _SIZE_SCALE], -1)


@MODELS.register_module()
class CLIFFHead(HMRHead):
    """Append the box's place to the image feature.

    To be supervised through :class:`~mmbopr.models.FullImageCamera`.

    Args:
        in_channels: Length of the image feature.
        kwargs: As in :class:`HMRHead`.
    """

    def __init__(self, in_channels: int = 2048, **kwargs):
        super().__init__(in_channels + 3, **kwargs)

    def image_feature(
        self, feats: Sequence[Tensor], crops: CropContext
    ) -> Tensor:
        """Feature and box (N, C + 3)."""
        feat = super().image_feature(feats, crops)
        return torch.cat([feat, bbox_info(crops)], 1)
