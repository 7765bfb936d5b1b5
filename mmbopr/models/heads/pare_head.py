"""PARE's regressors: linear in the pooled part features."""

from torch import nn

from mmbopr.registry import MODELS
from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import (
    CropContext,
    MeshPrediction,
    PAREFeatures,
)
from mmbopr.utils.rotation import rot6d_to_matrix

from ..layers import PartWiseLinear
from .base_mesh_head import (
    INITIAL_CAM,
    BaseMeshHead,
    initial_rot6d,
    linear_from,
)


@MODELS.register_module()
class PAREHead(BaseMeshHead):
    """Regress each part's pose from its feature (PARE, ICCV 2021).

    Shape and camera read a narrower feature of all 24 parts.  Unlike the
    original, pose regressors have a bias, so that training starts from a
    standing person.

    Args:
        part_channels: Channels of the neck's part features.
        cam_shape_channels: Channels a part of the feature that shape and
            camera read.
        num_betas: Length of beta.
        kwargs: Losses, see :class:`BaseMeshHead`.
    """

    def __init__(
        self,
        part_channels: int = 128,
        *,
        cam_shape_channels: int = 64,
        num_betas: int = 10,
        **kwargs,
    ):
        super().__init__(**kwargs)
        width = NUM_PARTS * cam_shape_channels
        self.cam_shape_projection = nn.Linear(
            part_channels, cam_shape_channels
        )
        self.pose = PartWiseLinear(
            NUM_PARTS, part_channels, 6, initial_rot6d()
        )
        self.betas = linear_from(width, [0.0] * num_betas)
        self.cam = linear_from(width, INITIAL_CAM)

    def forward(
        self, features: PAREFeatures, crops: CropContext
    ) -> MeshPrediction:
        """Regress body parameters.

        Args:
            features: ``part_query_feats`` (N, 24, C'') are read.
            crops: Not read.

        Returns:
            MeshPrediction: Without relative depth.
        """
        tokens = features.part_query_feats
        flat = self.cam_shape_projection(tokens).flatten(1)
        return MeshPrediction(
            pose_rotmat=rot6d_to_matrix(self.pose(tokens).float()),
            betas=self.betas(flat),
            cam=self.cam(flat),
        )
