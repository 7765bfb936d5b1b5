"""From features to body parameters."""

from .bar_head import BARHead
from .base_mesh_head import BaseMeshHead
from .cross_attention_bar_head import CrossAttentionBARHead

__all__ = ['BARHead', 'BaseMeshHead', 'CrossAttentionBARHead']
