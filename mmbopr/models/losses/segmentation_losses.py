"""L_b-seg and L_p-seg: supervision of the attention maps (eq. 4)."""

from torch import Tensor, nn
from torch.nn import functional as F

from mmbopr.registry import MODELS

from .reduction import masked_mean


@MODELS.register_module()
class PartSegmentationLoss(nn.Module):
    """Cross-entropy of the part map, mean over pixels, then over rows.

    Args:
        loss_weight: lambda_Att.
    """

    def __init__(self, loss_weight: float = 1.0):
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """Compute the loss.

        Args:
            logits: Att_part (N, 25, H, W), channel 0 is the background.
            target: (N, H, W) long, 0 background, k + 1 part k.
            valid: (N,) rows with a segmentation.

        Returns:
            Tensor: scalar.
        """
        error = F.cross_entropy(logits, target, reduction='none')
        return self.loss_weight * masked_mean(error.mean((1, 2)), valid)


@MODELS.register_module()
class BodySegmentationLoss(nn.Module):
    """Binary cross-entropy of the body mask, mean over pixels, then rows.

    One channel under a softmax over channels would be constantly 1, so the
    cross-entropy of eq. (4) is taken as the binary one.

    Args:
        loss_weight: lambda_Att.
    """

    def __init__(self, loss_weight: float = 1.0):
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """Compute the loss.

        Args:
            logits: Att_body (N, 1, H, W).
            target: (N, H, W) bool body mask.
            valid: (N,) rows with a segmentation.

        Returns:
            Tensor: scalar.
        """
        error = F.binary_cross_entropy_with_logits(
            logits[:, 0], target.to(logits), reduction='none'
        )
        return self.loss_weight * masked_mean(error.mean((1, 2)), valid)
