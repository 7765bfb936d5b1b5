"""One class per term of the paper's eq. (4)."""

from .keypoint_losses import Keypoints2DLoss, Keypoints3DLoss
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
    'PartSegmentationLoss',
    'PoseLoss',
    'RelativeDepthLoss',
]
