"""What heads that regress from one token a body part share."""

import torch
from torch import Tensor, nn

from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import MeshPrediction
from mmbopr.utils.rotation import rot6d_to_matrix

from ..layers import PartWiseLinear
from .base_mesh_head import (
    INITIAL_CAM,
    BaseMeshHead,
    initial_rot6d,
    linear_from,
)


def transformer(
    num_layers: int, embed_dims: int, num_heads: int, feedforward_channels: int
) -> nn.Sequential:
    """Post-norm transformer layers without dropout: eq. (2)."""
    return nn.Sequential(
        *(
            nn.TransformerEncoderLayer(
                embed_dims,
                num_heads,
                feedforward_channels,
                dropout=0.0,
                batch_first=True,
            )
            for _ in range(num_layers)
        )
    )


class BasePartTokenHead(BaseMeshHead):
    """Base of transformer heads: subclasses write ``forward``.

    Tokens carry a learned part embedding, because self-attention alone does
    not know which part it looks at.  Every part has its own pose regressor;
    shape and camera read all tokens.

    Args:
        token_channels: Channels that tokens are projected from.
        embed_dims: Width of the tokens (the paper's 128).
        num_heads: Attention heads.
        feedforward_channels: Width of the feed-forward blocks.
        regression_layers: Layers of the regression transformer; 0 leaves it
            out.
        num_betas: Length of beta.
        kwargs: Losses, see :class:`BaseMeshHead`.
    """

    def __init__(
        self,
        token_channels: int,
        *,
        embed_dims: int = 128,
        num_heads: int = 4,
        feedforward_channels: int = 512,
        regression_layers: int = 1,
        num_betas: int = 10,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.token_projection = nn.Linear(token_channels, embed_dims)
        self.part_embedding = nn.Parameter(torch.zeros(NUM_PARTS, embed_dims))
        nn.init.trunc_normal_(self.part_embedding, std=0.02)
        self.regression_transformer = transformer(
            regression_layers, embed_dims, num_heads, feedforward_channels
        )
        self.pose = PartWiseLinear(NUM_PARTS, embed_dims, 6, initial_rot6d())
        self.betas = linear_from(NUM_PARTS * embed_dims, [0.0] * num_betas)
        self.cam = linear_from(NUM_PARTS * embed_dims, INITIAL_CAM)

    def embed(self, part_feats: Tensor) -> Tensor:
        """Tokens (N, 24, C) of part features (N, 24, C'')."""
        return self.token_projection(part_feats) + self.part_embedding

    def regress(self, tokens: Tensor) -> MeshPrediction:
        """Body parameters, without relative depth, of tokens (N, 24, C)."""
        flat = tokens.flatten(1)
        return MeshPrediction(
            pose_rotmat=rot6d_to_matrix(self.pose(tokens).float()),
            betas=self.betas(flat),
            cam=self.cam(flat),
        )
