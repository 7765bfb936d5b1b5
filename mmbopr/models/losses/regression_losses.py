"""L_SMPL (pose and betas), L_RD and the camera term."""

from torch import Tensor, nn

from mmbopr.registry import MODELS

from .reduction import masked_difference, masked_mean


class _RowMSELoss(nn.Module):
    """Mean squared error over the rows that have the label.

    Args:
        loss_weight: The term's lambda.
    """

    def __init__(self, loss_weight: float = 1.0):
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, pred: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """Compute the loss of (N, ...) tensors over rows ``valid`` (N,)."""
        error = masked_difference(pred, target, valid)
        return self.loss_weight * masked_mean(
            (error**2).flatten(1).mean(1), valid
        )


@MODELS.register_module()
class PoseLoss(_RowMSELoss):
    """L_SMPL of eq. (4), theta: (N, 24, 3, 3) rotation matrices."""


@MODELS.register_module()
class BetasLoss(_RowMSELoss):
    """L_SMPL of eq. (4), beta: (N, 10) shape coefficients."""


@MODELS.register_module()
class RelativeDepthLoss(_RowMSELoss):
    """L_RD of eq. (4): (N, 24, 3) metres to the three torso planes."""


@MODELS.register_module()
class CameraLoss(nn.Module):
    """Keep the scale of the crop camera positive: mean exp(-10 s)^2.

    Not in eq. (4); SPIN and PARE have it.

    Args:
        loss_weight: Its weight.
    """

    def __init__(self, loss_weight: float = 1.0):
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, cam: Tensor) -> Tensor:
        """Compute the loss of cameras (N, 3) as (s, tx, ty)."""
        return self.loss_weight * (-20 * cam[:, 0]).exp().mean()
