"""Body-aware regression (BAR) of BoPR, section 3.3 of the paper."""

import torch
from torch import Tensor, nn

from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import (
    AGEFeatures,
    CropContext,
    MeshPrediction,
)
from mmbopr.utils.rotation import rot6d_to_matrix

from ..layers import PartWiseLinear
from .base_mesh_head import (
    INITIAL_CAM,
    BaseMeshHead,
    initial_rot6d,
    linear_from,
)


def _encoder_layer(embed_dims, num_heads, feedforward_channels):
    """A post-norm transformer layer without dropout: eq. (2)."""
    return nn.TransformerEncoderLayer(
        embed_dims,
        num_heads,
        feedforward_channels,
        dropout=0.0,
        batch_first=True,
    )


@MODELS.register_module()
class BARHead(BaseMeshHead):
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
    attention scaled by the head dimension, and a feed-forward block.  Tokens
    carry a learned part embedding, because self-attention alone does not know
    which part it looks at.

    Args:
        part_channels: C'' of the neck.
        body_channels: C + C' of the neck.
        embed_dims: Width of the tokens (the paper's 128).
        num_heads: Attention heads.
        feedforward_channels: Width of the feed-forward blocks.
        body_aware_layers: Layers of the body-aware transformer.
        regression_layers: Layers of the regression transformer; 0 leaves it
            out.
        num_betas: Length of beta.
        kwargs: Losses, see :class:`BaseMeshHead`.
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
        regression_layers: int = 1,
        num_betas: int = 10,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.token_projection = nn.Linear(
            part_channels + body_channels, embed_dims
        )
        self.part_embedding = nn.Parameter(torch.zeros(NUM_PARTS, embed_dims))
        nn.init.trunc_normal_(self.part_embedding, std=0.02)
        width = (embed_dims, num_heads, feedforward_channels)
        self.body_aware_transformer = nn.Sequential(
            *(_encoder_layer(*width) for _ in range(body_aware_layers))
        )
        self.regression_transformer = nn.Sequential(
            *(_encoder_layer(*width) for _ in range(regression_layers))
        )

        self.pose = PartWiseLinear(NUM_PARTS, embed_dims, 6, initial_rot6d())
        self.rel_depth = PartWiseLinear(
            NUM_PARTS, embed_dims, 3, torch.zeros(3)
        )
        self.betas = linear_from(NUM_PARTS * embed_dims, [0.0] * num_betas)
        self.cam = linear_from(NUM_PARTS * embed_dims, INITIAL_CAM)

    def encode_parts(self, features: AGEFeatures) -> Tensor:
        """F_bapf (N, 24, C): part features in view of the whole body."""
        reference = features.body_ref_feat[:, None].expand(-1, NUM_PARTS, -1)
        tokens = torch.cat([features.part_query_feats, reference], -1)
        tokens = self.token_projection(tokens) + self.part_embedding
        return self.body_aware_transformer(tokens)

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
        flat = tokens.flatten(1)
        return MeshPrediction(
            pose_rotmat=rot6d_to_matrix(self.pose(tokens).float()),
            betas=self.betas(flat),
            cam=self.cam(flat),
            rel_depth=self.rel_depth(tokens),
        )
