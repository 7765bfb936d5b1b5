"""Unshared linear layers, one per body part."""

import torch
from torch import Tensor, nn


class PartWiseLinear(nn.Module):
    """Apply part k's own linear map to token k (PARE's regressors).

    Args:
        num_parts: K.
        in_features: C.
        out_features: D.
        bias: (K, D) or (D,) initial output; the weights start near zero
            (Xavier, gain 0.01), so that training starts from it.
    """

    def __init__(
        self, num_parts: int, in_features: int, out_features: int, bias: Tensor
    ):
        super().__init__()
        self.weight = nn.Parameter(
            torch.empty(num_parts, in_features, out_features)
        )
        for weight in self.weight:
            nn.init.xavier_uniform_(weight, gain=0.01)
        self.bias = nn.Parameter(bias.expand(num_parts, out_features).clone())

    def forward(self, tokens: Tensor) -> Tensor:
        """Map tokens (N, K, C) to (N, K, D)."""
        return torch.einsum('nkc,kcd->nkd', tokens, self.weight) + self.bias
