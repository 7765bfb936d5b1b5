"""A convolution that is only needed pooled by attention maps."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def spatial_softmax(logits: Tensor) -> Tensor:
    """Softmax over the positions of each (N, K, H, W) map."""
    return logits.flatten(2).softmax(-1).view_as(logits)


def attention_pool(feats: Tensor, attention: Tensor) -> Tensor:
    """Attention-weighted sum of features: sigma(Att)^T F of eq. (1).

    Args:
        feats: (N, C, H, W).
        attention: (N, K, H, W), each map summing to 1.

    Returns:
        Tensor: (N, K, C).
    """
    return attention.flatten(2) @ feats.flatten(2).transpose(1, 2)


class PooledConv2d(nn.Conv2d):
    """A 3x3 convolution applied after pooling instead of before it.

    Convolution and pooling are linear, so pooling a convolved map equals
    convolving the pooled neighbourhoods: the attention map is shifted once per
    tap, and one small projection replaces the convolution of the whole map.
    The parameters are those of the plain convolution.

    Args:
        in_channels: C.
        out_channels: D.
    """

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(in_channels, out_channels, 3, padding=1)

    def forward(self, taps: Tensor) -> Tensor:
        """Project pooled neighbourhoods.

        Args:
            taps: (N, K, C * 9) from :func:`pool_taps`.

        Returns:
            Tensor: (N, K, D), equal to the attention-weighted sums of the
            convolved map.
        """
        return F.linear(taps, self.weight.flatten(1), self.bias)


def pool_taps(feats: Tensor, attention: Tensor) -> Tensor:
    """Pool the 3x3 neighbourhood of every position.

    Args:
        feats: (N, C, H, W), zero outside.
        attention: (N, K, H, W), each map summing to 1.

    Returns:
        Tensor: (N, K, C * 9), ordered as a convolution's weight.
    """
    n, k, h, w = attention.shape
    # Tap d reads x(p + d) with weight a(p), that is x(q) with a(q - d):
    # unfold yields a(q + d), so the taps come in reverse order.
    shifted = F.unfold(attention.flatten(0, 1)[:, None], 3, padding=1)
    shifted = shifted.view(n, k * 9, h * w)
    pooled = torch.bmm(shifted, feats.flatten(2).transpose(1, 2))
    return pooled.view(n, k, 9, -1).flip(2).transpose(2, 3).flatten(2)
