"""PARE's two branches and its attention over body parts."""

from typing import Dict, Sequence

from torch import Tensor, nn

from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import BodyTargets, PAREFeatures

from ..layers import attention_pool, conv_tower, spatial_softmax
from .base_attention_neck import BaseAttentionNeck


@MODELS.register_module()
class PARENeck(BaseAttentionNeck):
    """Part features by soft attention (PARE, ICCV 2021, section 3.2).

    One branch sees where the parts are, the other what they look like; part
    segmentation supervises the former.  PARE's convolution to the features of
    shape and camera is linear, so that :class:`~mmbopr.models.PAREHead`
    applies it to the pooled features instead: the sums are the same.

    Args:
        in_channels: Channels of the fused map.
        fusion: Config of a module that fuses the backbone's maps, see
            :class:`~mmbopr.models.necks.base_attention_neck.BaseAttentionNeck`;
            ``HRNetFusion`` is PARE's own.
        part_channels: Width of both branches.
        loss_part_seg: Config of the part segmentation term; None leaves it
            out.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        in_channels: int,
        fusion: dict | None = None,
        *,
        part_channels: int = 128,
        loss_part_seg: dict | None = None,
        init_cfg: dict | None = None,
    ):
        super().__init__(fusion, {'loss_part_seg': loss_part_seg}, init_cfg)
        self.segmentation_tower = conv_tower(in_channels, part_channels)
        self.part_attention = nn.Conv2d(part_channels, NUM_PARTS + 1, 1)
        self.part_features = conv_tower(in_channels, part_channels)

    def forward(self, feats: Sequence[Tensor]) -> PAREFeatures:
        """Encode the backbone's maps.

        Args:
            feats: Maps (N, C_i, H_i, W_i), finest first.

        Returns:
            PAREFeatures: ``part_query_feats`` (N, 24, C'') and
            ``part_logits`` (N, 25, H, W).
        """
        x = self.fuse(feats)
        part_logits = self.part_attention(self.segmentation_tower(x))
        attention = spatial_softmax(part_logits[:, 1:])
        return PAREFeatures(
            part_query_feats=attention_pool(self.part_features(x), attention),
            part_logits=part_logits,
        )

    def loss_inputs(
        self, features: PAREFeatures, targets: BodyTargets
    ) -> Dict[str, tuple]:
        """See the base class."""
        return {
            'loss_part_seg': (
                features.part_logits,
                targets.part_map,
                targets.has_segmentation,
            )
        }
