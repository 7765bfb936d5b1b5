"""PARE with BoPR's transformer: "PARE w TF" of the paper's table 5."""

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import (
    CropContext,
    MeshPrediction,
    PAREFeatures,
)

from .base_part_token_head import BasePartTokenHead


@MODELS.register_module()
class PARETransformerHead(BasePartTokenHead):
    """Regress from part features alone: no body reference, no depth.

    Args:
        part_channels: C'' of the neck.
        kwargs: As in
            :class:`~mmbopr.models.heads.base_part_token_head.BasePartTokenHead`.
    """

    def __init__(self, part_channels: int = 128, **kwargs):
        super().__init__(part_channels, **kwargs)

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
        tokens = self.embed(features.part_query_feats)
        tokens = self.regression_transformer(tokens)
        return self.regress(tokens, tokens)
