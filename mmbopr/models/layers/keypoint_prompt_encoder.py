"""From 2D key points to something that every part query can add."""

import math

import torch
from torch import Tensor, nn

from mmbopr.structures import COCO_17, NUM_PARTS


class KeypointPromptEncoder(nn.Module):
    """Let 24 part queries attend to the key points that are given.

    A key point is a Fourier embedding of its place and its confidence, plus a
    learned embedding of which joint it is.  A learned token stands for "no
    prompt"; it keeps the attention defined when nothing is given.  The output
    projection starts at zero: an untrained encoder changes nothing.

    Args:
        embed_dims: Width of the part queries.
        num_heads: Attention heads.
        num_frequencies: Octaves of the Fourier embedding; the finest wave
            spans 2^(1 - num_frequencies) of the crop.
    """

    def __init__(
        self, embed_dims: int, num_heads: int = 4, num_frequencies: int = 6
    ):
        super().__init__()
        octaves = math.pi * 2.0 ** torch.arange(num_frequencies)
        self.register_buffer('octaves', octaves, persistent=False)
        self.place = nn.Sequential(
            nn.Linear(4 * num_frequencies + 1, embed_dims),
            nn.ReLU(),
            nn.Linear(embed_dims, embed_dims),
        )
        self.joint_embedding = nn.Parameter(
            torch.empty(len(COCO_17), embed_dims)
        )
        self.no_prompt = nn.Parameter(torch.empty(1, embed_dims))
        self.queries = nn.Parameter(torch.empty(NUM_PARTS, embed_dims))
        for tokens in (self.joint_embedding, self.no_prompt, self.queries):
            nn.init.trunc_normal_(tokens, std=0.02)
        self.attention = nn.MultiheadAttention(
            embed_dims, num_heads, batch_first=True
        )
        nn.init.zeros_(self.attention.out_proj.weight)

    def forward(self, prompts: Tensor) -> Tensor:
        """Encode prompts.

        Args:
            prompts: (N, 17, 3) COCO-17 in normalised crop coordinates, with
                the confidence last; 0 means that a key point is not given.

        Returns:
            Tensor: (N, 24, C), zero in an untrained encoder.
        """
        confidence = prompts[..., 2:]
        given = confidence > 0
        # What is not given may hold anything.
        phase = prompts[..., :2].where(given, 0.0)[..., None] * self.octaves
        waves = torch.cat([phase.sin(), phase.cos()], -1).flatten(2)
        tokens = self.place(torch.cat([waves, confidence], -1))
        tokens = tokens + self.joint_embedding
        count = prompts.shape[0]
        tokens = torch.cat([tokens, self.no_prompt.expand(count, 1, -1)], 1)
        absent = torch.cat([~given[..., 0], given.new_zeros(count, 1)], 1)
        encoded, _ = self.attention(
            self.queries.expand(count, -1, -1),
            tokens,
            tokens,
            key_padding_mask=absent,
            need_weights=False,
        )
        return encoded
