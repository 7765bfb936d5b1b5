"""Networks, losses and targets; importing it registers them all."""

from mmbopr.body_models import SMPL, GenderedSMPL
from mmbopr.registry import MODELS

from .backbones import VisionTransformer
from .cameras import BaseCamera, CropCamera, FullImageCamera
from .estimators import BodyMeshEstimator
from .heads import (
    BARHead,
    CLIFFHead,
    CrossAttentionBARHead,
    HMRHead,
    KeypointPromptBARHead,
    LayerNormBARHead,
    PAREHead,
    PARETransformerHead,
)
from .losses import *  # noqa: F403
from .necks import (
    AttentionGuidedEncoder,
    HRNetClassificationNeck,
    HRNetFusion,
    LateralFusion,
    MeanAttentionGuidedEncoder,
    PARENeck,
    TowerAttentionGuidedEncoder,
)
from .targets import BodyTargetBuilder
from .weight_init import CheckedPretrained

# Body models are usable without a registry; here they join it.
MODELS.register_module(module=SMPL)
MODELS.register_module(module=GenderedSMPL)

__all__ = [
    'SMPL',
    'AttentionGuidedEncoder',
    'BARHead',
    'BaseCamera',
    'BodyMeshEstimator',
    'BodyTargetBuilder',
    'CLIFFHead',
    'CheckedPretrained',
    'CropCamera',
    'CrossAttentionBARHead',
    'FullImageCamera',
    'GenderedSMPL',
    'HMRHead',
    'HRNetClassificationNeck',
    'HRNetFusion',
    'KeypointPromptBARHead',
    'LateralFusion',
    'LayerNormBARHead',
    'MeanAttentionGuidedEncoder',
    'PAREHead',
    'PARENeck',
    'PARETransformerHead',
    'TowerAttentionGuidedEncoder',
    'VisionTransformer',
]
