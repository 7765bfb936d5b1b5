"""One class per term of the paper's eq. (4)."""

from .keypoint_losses import Keypoints2DLoss, Keypoints3DLoss
from .loss_terms import LossTerms
from .regression_losses import (
    BetasLoss,
    CameraLoss,
    PoseLoss,
    RelativeDepthLoss,
)
from .segmentation_losses import BodySegmentationLoss, PartSegmentationLoss

__all__ = [
    'BetasLoss',
    'BodySegmentationLoss',
    'CameraLoss',
    'Keypoints2DLoss',
    'Keypoints3DLoss',
    'LossTerms',
    'PartSegmentationLoss',
    'PoseLoss',
    'RelativeDepthLoss',
]
