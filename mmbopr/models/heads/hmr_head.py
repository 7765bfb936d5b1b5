"""The iterative regressor of HMR, in SPIN's form."""

from typing import Sequence

import torch
from torch import Tensor, nn

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import CropContext, MeshPrediction
from mmbopr.utils.rotation import rot6d_to_matrix

from .base_mesh_head import (
    INITIAL_CAM,
    BaseMeshHead,
    initial_rot6d,
    linear_from,
)


@MODELS.register_module()
class HMRHead(BaseMeshHead):
    """Correct a mean body a few times (HMR, CVPR 2018; SPIN, ICCV 2019).

    Parameters have the names of SPIN's.  The body that regression starts from
    is saved with the weights; here it stands upright, official checkpoints
    bring their own.

    Args:
        in_channels: Length of the image feature.
        hidden_channels: Width of the two hidden layers.
        num_iterations: Corrections.
        dropout: Probability, after each hidden layer.
        num_betas: Length of beta.
        kwargs: Losses, see :class:`BaseMeshHead`.
    """

    def __init__(
        self,
        in_channels: int = 2048,
        *,
        hidden_channels: int = 1024,
        num_iterations: int = 3,
        dropout: float = 0.5,
        num_betas: int = 10,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_iterations = num_iterations
        pose = initial_rot6d().flatten()
        self.register_buffer('init_pose', pose[None])
        self.register_buffer('init_shape', torch.zeros(1, num_betas))
        self.register_buffer('init_cam', torch.tensor([INITIAL_CAM]))
        num_parameters = len(pose) + num_betas + len(INITIAL_CAM)
        self.fc1 = nn.Linear(in_channels + num_parameters, hidden_channels)
        self.drop1 = nn.Dropout(dropout)
        self.fc2 = nn.Linear(hidden_channels, hidden_channels)
        self.drop2 = nn.Dropout(dropout)
        # Corrections start near zero.
        self.decpose = linear_from(hidden_channels, [0.0] * len(pose))
        self.decshape = linear_from(hidden_channels, [0.0] * num_betas)
        self.deccam = linear_from(hidden_channels, [0.0] * len(INITIAL_CAM))

    def image_feature(
        self, feats: Sequence[Tensor], crops: CropContext
    ) -> Tensor:
        """What the regressor reads of an image (N, C)."""
        return feats[-1]

    def forward(
        self, feats: Sequence[Tensor], crops: CropContext
    ) -> MeshPrediction:
        """Regress body parameters.

        Args:
            feats: Pooled features; the last, (N, C), is read.
            crops: Not read by HMR: it sees the pixels only.

        Returns:
            MeshPrediction: Without relative depth.
        """
        feat = self.image_feature(feats, crops)
        pose, betas, cam = (
            start.expand(feat.shape[0], -1)
            for start in (self.init_pose, self.init_shape, self.init_cam)
        )
        for _ in range(self.num_iterations):
            hidden = self.fc1(torch.cat([feat, pose, betas, cam], 1))
            hidden = self.drop2(self.fc2(self.drop1(hidden)))
            pose = pose + self.decpose(hidden)
            betas = betas + self.decshape(hidden)
            cam = cam + self.deccam(hidden)
        return MeshPrediction(
            pose_rotmat=rot6d_to_matrix(pose.float().unflatten(1, (-1, 6))),
            betas=betas,
            cam=cam,
        )
