"""AGE without body attention, for the ablation."""

import torch
from torch import Tensor

from mmbopr.registry import MODELS

from ..layers import spatial_softmax
from .attention_guided_encoder import AttentionGuidedEncoder


@MODELS.register_module()
class MeanAttentionGuidedEncoder(AttentionGuidedEncoder):
    """AGE whose body reference is the plain average over the map.

    Not an ablation of the paper.  The body map is still there, so that the
    number of parameters is equal, but nothing is pooled by it.  Arguments as
    in :class:`AttentionGuidedEncoder`.
    """

    def body_attention_map(self, body_logits: Tensor) -> Tensor:
        """(N, 1, H, W), the same everywhere."""
        return spatial_softmax(torch.zeros_like(body_logits))
