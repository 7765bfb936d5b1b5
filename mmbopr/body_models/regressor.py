"""Joints as weighted means of a few vertices."""

import numpy as np
import torch
from torch import Tensor, nn


class JointRegressor(nn.Module):
    """Apply a joint regressor through its non-zero columns only.

    Args:
        matrix: (J, V) weights.
    """

    def __init__(self, matrix: np.ndarray):
        super().__init__()
        columns = np.flatnonzero((matrix != 0).any(0))
        weights = np.ascontiguousarray(matrix[:, columns], np.float32)
        self.register_buffer(
            'columns', torch.from_numpy(columns), persistent=False
        )
        self.register_buffer(
            'weights', torch.from_numpy(weights), persistent=False
        )

    def forward(self, vertices: Tensor) -> Tensor:
        """Regress joints.

        Args:
            vertices: (N, V, 3).

        Returns:
            Tensor: (N, J, 3) in the unit and frame of the vertices.
        """
        return self.weights @ vertices.index_select(1, self.columns)
