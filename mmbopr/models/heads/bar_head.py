"""Body-aware regression (BAR) of BoPR, section 3.3 of the paper."""

import torch
from torch import Tensor

from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import (
    AGEFeatures,
    CropContext,
    MeshPrediction,
)

from ..layers import PartWiseLinear
from .base_part_token_head import BasePartTokenHead, transformer


@MODELS.register_module()
class BARHead(BasePartTokenHead):
    """Regress every part from its feature and the body reference.

    ================ ============================ ==================
    paper            here                         shape
    ================ ============================ ==================
    T                ``tokens``                   (N, 24, C)
    F_bapf, eq. (2)  ``body_aware_feats``         (N, 24, C)
    theta            ``pose_rotmat``              (N, 24, 3, 3)
    beta             ``betas``                    (N, 10)
    s, t             ``cam``                      (N, 3)
    RD               ``rel_depth``                (N, 24, 3) metres
    ================ ============================ ==================

    Eq. (2) is read as standard post-norm transformer layers: softmax
    attention scaled by the head dimension, and a feed-forward block.

    Args:
        part_channels: C'' of the neck.
        body_channels: C + C' of the neck.
        embed_dims: Width of the tokens (the paper's 128).
        num_heads: Attention heads.
        feedforward_channels: Width of the feed-forward blocks.
        body_aware_layers: Layers of the body-aware transformer.
        kwargs: As in
            :class:`~mmbopr.models.heads.base_part_token_head.BasePartTokenHead`.
    """

    def __init__(
        self,
        part_channels: int = 128,
        body_channels: int = 128,
        *,
        embed_dims: int = 128,
        num_heads: int = 4,
        feedforward_channels: int = 512,
        body_aware_layers: int = 2,
        **kwargs,
    ):
        width = dict(
            embed_dims=embed_dims,
            num_heads=num_heads,
            feedforward_channels=feedforward_channels,
        )
        super().__init__(part_channels + body_channels, **width, **kwargs)
        self.body_aware_transformer = transformer(body_aware_layers, **width)
        self.rel_depth = PartWiseLinear(
            NUM_PARTS, embed_dims, 3, torch.zeros(3)
        )

    def encode_parts(self, features: AGEFeatures) -> Tensor:
        """F_bapf (N, 24, C): part features in view of the whole body."""
        reference = features.body_ref_feat[:, None].expand(-1, NUM_PARTS, -1)
        tokens = torch.cat([features.part_query_feats, reference], -1)
        return self.body_aware_transformer(self.embed(tokens))

    def forward(
        self, features: AGEFeatures, crops: CropContext
    ) -> MeshPrediction:
        """Regress body parameters.

        Args:
            features: ``part_query_feats`` (N, 24, C'') and ``body_ref_feat``
                (N, C + C') are read.
            crops: Not read: the paper's network sees the pixels only.

        Returns:
            MeshPrediction: see the class's table.
        """
        body_aware_feats = self.encode_parts(features)
        tokens = self.regression_transformer(body_aware_feats)
        pred = self.regress(tokens, tokens)
        return pred._replace(rel_depth=self.rel_depth(tokens))
