"""From the backbone's maps to the features that a head reads."""

from .attention_guided_encoder import AttentionGuidedEncoder
from .hrnet_classification_neck import HRNetClassificationNeck
from .hrnet_fusion import HRNetFusion
from .lateral_fusion import LateralFusion
from .mean_attention_guided_encoder import MeanAttentionGuidedEncoder
from .pare_neck import PARENeck
from .tower_attention_guided_encoder import TowerAttentionGuidedEncoder

__all__ = [
    'AttentionGuidedEncoder',
    'HRNetClassificationNeck',
    'HRNetFusion',
    'LateralFusion',
    'MeanAttentionGuidedEncoder',
    'PARENeck',
    'TowerAttentionGuidedEncoder',
]
