"""Building blocks shared by necks and heads."""

from .conv_tower import conv_tower
from .keypoint_prompt_encoder import KeypointPromptEncoder
from .layer_norm_attention import LayerNormAttention
from .part_wise_linear import PartWiseLinear
from .pooled_conv import (
    PooledConv2d,
    attention_pool,
    pool_taps,
    spatial_softmax,
)

__all__ = [
    'KeypointPromptEncoder',
    'LayerNormAttention',
    'PartWiseLinear',
    'PooledConv2d',
    'attention_pool',
    'conv_tower',
    'pool_taps',
    'spatial_softmax',
]
