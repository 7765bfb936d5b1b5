"""A head of one hidden layer, as a start for your own."""

import torch
from torch import nn

from mmbopr.models.heads.base_mesh_head import (
    INITIAL_CAM,
    BaseMeshHead,
    initial_rot6d,
    linear_from,
)
from mmbopr.registry import MODELS
from mmbopr.structures.predictions import (
    AGEFeatures,
    CropContext,
    MeshPrediction,
)
from mmbopr.utils.rotation import rot6d_to_matrix


@MODELS.register_module()
class ExampleHead(BaseMeshHead):
    """Regress the whole body from the body reference feature alone.

    Args:
        body_channels: C + C' of the neck.
        hidden_channels: Width of the hidden layer.
        kwargs: Losses, see ``BaseMeshHead``, which also computes them.
    """

    def __init__(
        self, body_channels: int = 128, *, hidden_channels: int = 256, **kwargs
    ):
        super().__init__(**kwargs)
        self.hidden = nn.Sequential(
            nn.Linear(body_channels, hidden_channels), nn.ReLU()
        )
        self.pose = linear_from(hidden_channels, initial_rot6d().flatten())
        self.betas = linear_from(hidden_channels, torch.zeros(10))
        self.cam = linear_from(hidden_channels, INITIAL_CAM)

    def forward(
        self, features: AGEFeatures, crops: CropContext
    ) -> MeshPrediction:
        """Regress body parameters.

        Args:
            features: Output of ``AttentionGuidedEncoder``.
            crops: Where the crops lie in their images; not read here.

        Returns:
            MeshPrediction: Without relative depth.
        """
        hidden = self.hidden(features.body_ref_feat)
        rot6d = self.pose(hidden).float().unflatten(1, (-1, 6))
        return MeshPrediction(
            pose_rotmat=rot6d_to_matrix(rot6d),
            betas=self.betas(hidden),
            cam=self.cam(hidden),
        )
