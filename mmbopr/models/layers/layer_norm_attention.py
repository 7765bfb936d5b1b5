"""Eq. (2) of the paper, letter by letter."""

from torch import Tensor, nn

from mmbopr.structures import NUM_PARTS


class LayerNormAttention(nn.Module):
    """F_bapf = LN(T + LN(Q K^T / sqrt(d_k)) V), d_k the sequence length.

    One head, a layer norm over the keys where attention has a softmax, and no
    feed-forward block.

    Args:
        embed_dims: Width of the tokens.
    """

    def __init__(self, embed_dims: int):
        super().__init__()
        self.query = nn.Linear(embed_dims, embed_dims, bias=False)
        self.key = nn.Linear(embed_dims, embed_dims, bias=False)
        self.value = nn.Linear(embed_dims, embed_dims, bias=False)
        self.score_norm = nn.LayerNorm(NUM_PARTS)
        self.norm = nn.LayerNorm(embed_dims)

    def forward(self, tokens: Tensor) -> Tensor:
        """Mix tokens (N, 24, C)."""
        scores = self.query(tokens) @ self.key(tokens).transpose(1, 2)
        scores = self.score_norm(scores / NUM_PARTS**0.5)
        return self.norm(tokens + scores @ self.value(tokens))
