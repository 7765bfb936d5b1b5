"""From features to body parameters."""

from .bar_head import BARHead
from .base_mesh_head import BaseMeshHead
from .base_part_token_head import BasePartTokenHead
from .cross_attention_bar_head import CrossAttentionBARHead
from .keypoint_prompt_bar_head import KeypointPromptBARHead
from .layer_norm_bar_head import LayerNormBARHead
from .pare_head import PAREHead
from .pare_transformer_head import PARETransformerHead

__all__ = [
    'BARHead',
    'BaseMeshHead',
    'BasePartTokenHead',
    'CrossAttentionBARHead',
    'KeypointPromptBARHead',
    'LayerNormBARHead',
    'PAREHead',
    'PARETransformerHead',
]
