"""From features to body parameters."""

from .bar_head import BARHead
from .base_mesh_head import BaseMeshHead
from .cross_attention_bar_head import CrossAttentionBARHead
from .keypoint_prompt_bar_head import KeypointPromptBARHead
from .layer_norm_bar_head import LayerNormBARHead

__all__ = [
    'BARHead',
    'BaseMeshHead',
    'CrossAttentionBARHead',
    'KeypointPromptBARHead',
    'LayerNormBARHead',
]
