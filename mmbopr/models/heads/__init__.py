"""From features to body parameters."""

from .bar_head import BARHead
from .base_mesh_head import BaseMeshHead
from .base_part_token_head import BasePartTokenHead
from .cliff_head import CLIFFHead
from .cross_attention_bar_head import CrossAttentionBARHead
from .hmr_head import HMRHead
from .keypoint_prompt_bar_head import KeypointPromptBARHead
from .layer_norm_bar_head import LayerNormBARHead
from .pare_head import PAREHead
from .pare_transformer_head import PARETransformerHead

__all__ = [
    'BARHead',
    'BaseMeshHead',
    'BasePartTokenHead',
    'CLIFFHead',
    'CrossAttentionBARHead',
    'HMRHead',
    'KeypointPromptBARHead',
    'LayerNormBARHead',
    'PAREHead',
    'PARETransformerHead',
]
