"""What heads that regress from one token a body part share."""

import torch
from torch import Tensor, nn

from mmbopr.structures import NUM_PARTS

from .base_part_head import BasePartHead


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


class BasePartTokenHead(BasePartHead):
    """Base of transformer heads: subclasses write ``forward``.

    Tokens carry a learned part embedding, because self-attention alone does
    not know which part it looks at.

    Args:
        token_channels: Channels that tokens are projected from.
        embed_dims: Width of the tokens (the paper's 128).
        num_heads: Attention heads.
        feedforward_channels: Width of the feed-forward blocks.
        regression_layers: Layers of the regression transformer; 0 leaves it
            out.
        kwargs: As in
            :class:`~mmbopr.models.heads.base_part_head.BasePartHead`.
    """

    def __init__(
        self,
        token_channels: int,
        *,
        embed_dims: int = 128,
        num_heads: int = 4,
        feedforward_channels: int = 512,
        regression_layers: int = 1,
        **kwargs,
    ):
        super().__init__(embed_dims, embed_dims, **kwargs)
        self.token_projection = nn.Linear(token_channels, embed_dims)
        self.part_embedding = nn.Parameter(torch.zeros(NUM_PARTS, embed_dims))
        nn.init.trunc_normal_(self.part_embedding, std=0.02)
        self.regression_transformer = transformer(
            regression_layers, embed_dims, num_heads, feedforward_channels
        )

    def embed(self, part_feats: Tensor) -> Tensor:
        """Tokens (N, 24, C) of part features (N, 24, C'')."""
        return self.token_projection(part_feats) + self.part_embedding
