"""AGE with PARE-like convolution towers in place of single convolutions."""

from typing import Tuple

from torch import Tensor, nn

from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS

from ..layers import attention_pool, conv_tower
from .attention_guided_encoder import AttentionGuidedEncoder


@MODELS.register_module()
class TowerAttentionGuidedEncoder(AttentionGuidedEncoder):
    """AGE whose maps come from towers of two convolutions.

    Body and part attention share one tower; F_part, F_2D and F_3D have one
    each.  The 1x1 projections to C and C' act after pooling, which is exact.
    Arguments as in :class:`AttentionGuidedEncoder`.
    """

    def _build_maps(self, in_channels, channels_2d, channels_3d):
        width = self.part_channels
        self.segmentation_tower = conv_tower(in_channels, width)
        self.body_attention = nn.Conv2d(width, 1, 1)
        self.part_attention = nn.Conv2d(width, NUM_PARTS + 1, 1)
        self.part_features = conv_tower(in_channels, width)
        self.features_2d = conv_tower(in_channels, width)
        self.features_3d = conv_tower(in_channels, width)
        self.project_2d = nn.Linear(width, channels_2d)
        self.project_3d = nn.Linear(width, channels_3d)

    def attention_logits(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        """Att_body (N, 1, H, W) and Att_part (N, 25, H, W)."""
        x = self.segmentation_tower(x)
        return self.body_attention(x), self.part_attention(x)

    def pooled_features(
        self, x: Tensor, part_attention: Tensor, body_attention: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Pool F_part, F_2D and F_3D; shapes as in the base class."""
        feat_2d = attention_pool(self.features_2d(x), body_attention)
        feat_3d = attention_pool(self.features_3d(x), body_attention)
        return (
            attention_pool(self.part_features(x), part_attention),
            self.project_2d(feat_2d),
            self.project_3d(feat_3d),
        )
