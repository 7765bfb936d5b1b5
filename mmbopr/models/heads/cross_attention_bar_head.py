"""BAR with the body reference as memory instead of concatenated."""

import torch
from torch import Tensor, nn

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import AGEFeatures

from .bar_head import BARHead


@MODELS.register_module()
class CrossAttentionBARHead(BARHead):
    """Parts query the body reference by cross-attention.

    The other reading of "part features as queries and body feature as a
    reference" (abstract of the paper).  The memory holds the part tokens
    beside the body token: a softmax over a single key would be constant.

    Args:
        part_channels: C'' of the neck.
        body_channels: C + C' of the neck.
        kwargs: As in :class:`BARHead`.
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
        super().__init__(
            part_channels,
            0,
            embed_dims=embed_dims,
            num_heads=num_heads,
            feedforward_channels=feedforward_channels,
            body_aware_layers=0,
            **kwargs,
        )
        self.body_projection = nn.Linear(body_channels, embed_dims)
        self.body_aware_transformer = nn.ModuleList(
            nn.TransformerDecoderLayer(
                embed_dims,
                num_heads,
                feedforward_channels,
                dropout=0.0,
                batch_first=True,
            )
            for _ in range(body_aware_layers)
        )

    def encode_parts(self, features: AGEFeatures) -> Tensor:
        """F_bapf (N, 24, C): part features in view of the whole body."""
        tokens = self.embed(features.part_query_feats)
        body = self.body_projection(features.body_ref_feat)
        memory = torch.cat([body[:, None], tokens], 1)
        for layer in self.body_aware_transformer:
            tokens = layer(tokens, memory)
        return tokens
