"""L_2D, L_3D and their auxiliary versions (eq. 4)."""

from torch import Tensor, nn

from mmbopr.registry import MODELS
from mmbopr.structures import J24_HIPS

from .reduction import masked_difference, masked_mean


@MODELS.register_module()
class Keypoints2DLoss(nn.Module):
    """Confidence-weighted mean squared error of 2D key points.

    L_2D and L_Aux2D of eq. (4), as the mean over N x J x 2 (SPIN, PARE).

    Args:
        loss_weight: lambda_2D.
    """

    def __init__(self, loss_weight: float = 1.0):
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, pred: Tensor, target: Tensor) -> Tensor:
        """Compute the loss.

        Args:
            pred: (N, J, 2) normalised crop coordinates.
            target: (N, J, 3) with the confidence last; 0 leaves a joint out.

        Returns:
            Tensor: scalar.
        """
        confidence = target[..., 2:]
        error = confidence * (pred - target[..., :2]) ** 2
        return self.loss_weight * error.mean()


@MODELS.register_module()
class Keypoints3DLoss(nn.Module):
    """Mean squared error of 3D key points around their own mid-hip.

    L_3D and L_Aux3D of eq. (4), as the mean over labelled rows x 24 x 3.

    Args:
        loss_weight: lambda_3D.
    """

    def __init__(self, loss_weight: float = 1.0):
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, pred: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """Compute the loss.

        Args:
            pred: (N, 24, 3) J24 in metres, camera axes, any origin.
            target: (N, 24, 4) likewise, with the confidence last.
            valid: (N,) rows with 3D labels.

        Returns:
            Tensor: scalar.
        """
        error = masked_difference(
            _centre(pred), _centre(target[..., :3]), valid
        )
        confidence = target[..., 3:].where(valid[:, None, None], 0.0)
        per_row = (confidence * error**2).mean((1, 2))
        return self.loss_weight * masked_mean(per_row, valid)


def _centre(joints: Tensor) -> Tensor:
    """Move the middle of the hips to the origin."""
    hips = joints[:, J24_HIPS]
    return joints - hips.mean(1, keepdim=True)
