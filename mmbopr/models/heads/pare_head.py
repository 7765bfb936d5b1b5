"""PARE's regressors: linear in the pooled part features."""

from torch import nn

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import (
    CropContext,
    MeshPrediction,
    PAREFeatures,
)

from .base_part_head import BasePartHead


@MODELS.register_module()
class PAREHead(BasePartHead):
    """Regress each part's pose from its feature (PARE, ICCV 2021).

    Shape and camera read a narrower feature of all 24 parts.  Unlike the
    original, pose regressors have a bias, so that training starts from a
    standing person.

    Args:
        part_channels: Channels of the neck's part features.
        cam_shape_channels: Channels a part of the feature that shape and
            camera read.
        kwargs: As in
            :class:`~mmbopr.models.heads.base_part_head.BasePartHead`.
    """

    def __init__(
        self,
        part_channels: int = 128,
        *,
        cam_shape_channels: int = 64,
        **kwargs,
    ):
        super().__init__(part_channels, cam_shape_channels, **kwargs)
        self.cam_shape_projection = nn.Linear(
            part_channels, cam_shape_channels
        )

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
        feats = features.part_query_feats
        return self.regress(feats, self.cam_shape_projection(feats))
