"""The attention-guided encoder (AGE) of BoPR, section 3.2 of the paper."""

from typing import Dict, Sequence, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import AGEFeatures, BodyTargets

from ..layers import PooledConv2d, pool_taps, spatial_softmax
from .base_attention_neck import BaseAttentionNeck


@MODELS.register_module()
class AttentionGuidedEncoder(BaseAttentionNeck):
    """Body reference and part query features by soft attention.

    Every map is one 3x3 convolution, as the paper words it.

    ============== ======================== =====================
    paper          here                     shape
    ============== ======================== =====================
    Att_body       ``body_logits``          (N, 1, H, W)
    Att_part       ``part_logits``          (N, 24 + 1, H, W)
    F_brf, eq. (1) ``body_ref_feat``        (N, C + C')
    F_pqf          ``part_query_feats``     (N, 24, C'')
    J_Aux2D        ``aux_keypoints_2d``     (N, 24, 2)
    J_Aux3D        ``aux_keypoints_3d``     (N, 24, 3)
    ============== ======================== =====================

    The paper's Hadamard product yields vectors, so it is an attention-weighted
    sum; sigma is a softmax over positions.  Part attention has a background
    channel, which is supervised and then dropped.  F_2D, F_3D and F_part are
    never formed: pooling first and convolving after is the same thing
    (:class:`PooledConv2d`).

    Args:
        in_channels: Channels of the fused map.
        fusion: Config of a module that fuses the backbone's maps, see
            :class:`~mmbopr.models.necks.base_attention_neck.BaseAttentionNeck`;
            None takes the last one as it is.
        part_channels: C''.
        channels_2d: C.
        channels_3d: C'.
        loss_keypoints_2d: Config of L_Aux2D; None leaves the term out, here
            and below.
        loss_keypoints_3d: Config of L_Aux3D.
        loss_body_seg: Config of L_b-seg.
        loss_part_seg: Config of L_p-seg.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        in_channels: int,
        fusion: dict | None = None,
        *,
        part_channels: int = 128,
        channels_2d: int = 64,
        channels_3d: int = 64,
        loss_keypoints_2d: dict | None = None,
        loss_keypoints_3d: dict | None = None,
        loss_body_seg: dict | None = None,
        loss_part_seg: dict | None = None,
        init_cfg: dict | None = None,
    ):
        losses = {
            'loss_aux_keypoints_2d': loss_keypoints_2d,
            'loss_aux_keypoints_3d': loss_keypoints_3d,
            'loss_body_seg': loss_body_seg,
            'loss_part_seg': loss_part_seg,
        }
        super().__init__(fusion, losses, init_cfg)
        self.part_channels = part_channels
        self.body_channels = channels_2d + channels_3d
        self._build_maps(in_channels, channels_2d, channels_3d)
        self.aux_2d = nn.Linear(channels_2d, NUM_PARTS * 2)
        self.aux_3d = nn.Linear(channels_3d, NUM_PARTS * 3)

    def _build_maps(self, in_channels, channels_2d, channels_3d):
        """One convolution for each map of section 3.2."""
        self.body_attention = nn.Conv2d(in_channels, 1, 3, padding=1)
        self.part_attention = nn.Conv2d(
            in_channels, NUM_PARTS + 1, 3, padding=1
        )
        self.part_features = PooledConv2d(in_channels, self.part_channels)
        self.features_2d = PooledConv2d(in_channels, channels_2d)
        self.features_3d = PooledConv2d(in_channels, channels_3d)

    def attention_logits(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        """Att_body (N, 1, H, W) and Att_part (N, 25, H, W)."""
        # One call for both: a convolution to a single channel costs nearly as
        # much as one to 25.
        maps = (self.body_attention, self.part_attention)
        weight = torch.cat([m.weight for m in maps])
        bias = torch.cat([m.bias for m in maps])
        logits = F.conv2d(x, weight, bias, padding=1)
        return logits[:, :1], logits[:, 1:]

    def body_attention_map(self, body_logits: Tensor) -> Tensor:
        """sigma(Att_body) of eq. (1), (N, 1, H, W), summing to 1."""
        return spatial_softmax(body_logits)

    def pooled_features(
        self, x: Tensor, part_attention: Tensor, body_attention: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Pool F_part, F_2D and F_3D.

        Args:
            x: (N, C, H, W) the fused map.
            part_attention: (N, 24, H, W), maps summing to 1.
            body_attention: (N, M, H, W), maps summing to 1.

        Returns:
            tuple: F_part (N, 24, C''), F_2D (N, M, C), F_3D (N, M, C').
        """
        attention = torch.cat([part_attention, body_attention], 1)
        taps = pool_taps(x, attention)
        part, body = taps[:, :NUM_PARTS], taps[:, NUM_PARTS:]
        return (
            self.part_features(part),
            self.features_2d(body),
            self.features_3d(body),
        )

    def forward(self, feats: Sequence[Tensor]) -> AGEFeatures:
        """Encode the backbone's maps.

        Args:
            feats: Maps (N, C_i, H_i, W_i), finest first.

        Returns:
            AGEFeatures: see the class's table.
        """
        x = self.fuse(feats)
        body_logits, part_logits = self.attention_logits(x)
        part_attention = spatial_softmax(part_logits[:, 1:])
        # The auxiliary key points read the plain average of the same maps.
        body_attention = torch.cat(
            [
                self.body_attention_map(body_logits),
                spatial_softmax(torch.zeros_like(body_logits)),
            ],
            1,
        )
        part, feat_2d, feat_3d = self.pooled_features(
            x, part_attention, body_attention
        )
        return AGEFeatures(
            part_query_feats=part,
            body_ref_feat=torch.cat([feat_2d[:, 0], feat_3d[:, 0]], -1),
            part_logits=part_logits,
            body_logits=body_logits,
            aux_keypoints_2d=self.aux_2d(feat_2d[:, 1]).unflatten(1, (-1, 2)),
            aux_keypoints_3d=self.aux_3d(feat_3d[:, 1]).unflatten(1, (-1, 3)),
        )

    def loss_inputs(
        self, features: AGEFeatures, targets: BodyTargets
    ) -> Dict[str, tuple]:
        """Arguments of the terms of L_AFE, eq. (4); see the base class."""
        return {
            'loss_aux_keypoints_2d': (
                features.aux_keypoints_2d,
                targets.keypoints_2d,
            ),
            'loss_aux_keypoints_3d': (
                features.aux_keypoints_3d,
                targets.keypoints_3d,
                targets.has_keypoints_3d,
            ),
            'loss_body_seg': (
                features.body_logits,
                targets.part_map > 0,
                targets.has_segmentation,
            ),
            'loss_part_seg': (
                features.part_logits,
                targets.part_map,
                targets.has_segmentation,
            ),
        }
