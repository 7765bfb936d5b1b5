"""What heads with a feature of every body part share: the regressors."""

from torch import Tensor

from mmbopr.structures import NUM_PARTS
from mmbopr.structures.predictions import MeshPrediction
from mmbopr.utils.rotation import rot6d_to_matrix

from ..layers import PartWiseLinear
from .base_mesh_head import (
    INITIAL_CAM,
    BaseMeshHead,
    initial_rot6d,
    linear_from,
)


class BasePartHead(BaseMeshHead):
    """Base of heads with part features: subclasses write ``forward``.

    Every part has its own pose regressor; shape and camera read all parts.

    Args:
        pose_channels: Channels a part of what pose is read from.
        cam_shape_channels: Channels a part of what shape and camera are read
            from.
        num_betas: Length of beta.
        kwargs: Losses, see :class:`BaseMeshHead`.
    """

    def __init__(
        self,
        pose_channels: int,
        cam_shape_channels: int,
        *,
        num_betas: int = 10,
        **kwargs,
    ):
        super().__init__(**kwargs)
        width = NUM_PARTS * cam_shape_channels
        self.pose = PartWiseLinear(
            NUM_PARTS, pose_channels, 6, initial_rot6d()
        )
        self.betas = linear_from(width, [0.0] * num_betas)
        self.cam = linear_from(width, INITIAL_CAM)

    def regress(
        self, pose_feats: Tensor, cam_shape_feats: Tensor
    ) -> MeshPrediction:
        """Read body parameters, without relative depth.

        Args:
            pose_feats: (N, 24, ``pose_channels``).
            cam_shape_feats: (N, 24, ``cam_shape_channels``).
        """
        flat = cam_shape_feats.flatten(1)
        return MeshPrediction(
            pose_rotmat=rot6d_to_matrix(self.pose(pose_feats).float()),
            betas=self.betas(flat),
            cam=self.cam(flat),
        )
