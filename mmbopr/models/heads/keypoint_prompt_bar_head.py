"""BAR that may be told where some key points are."""

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import (
    AGEFeatures,
    CropContext,
    MeshPrediction,
)

from ..layers import KeypointPromptEncoder
from .bar_head import BARHead


@MODELS.register_module()
class KeypointPromptBARHead(BARHead):
    """Add what 2D key points say to the part queries (not in the paper).

    Key points of a detector, or clicked ones, tell parts where to look.
    Without any the head works as :class:`BARHead`, whose checkpoints it takes
    as a start.

    Args:
        part_channels: C'' of the neck.
        kwargs: As in :class:`BARHead`.
    """

    def __init__(self, part_channels: int = 128, **kwargs):
        super().__init__(part_channels, **kwargs)
        self.prompt_encoder = KeypointPromptEncoder(part_channels)

    def forward(
        self, features: AGEFeatures, crops: CropContext
    ) -> MeshPrediction:
        """Regress body parameters.

        Args:
            features: ``part_query_feats`` (N, 24, C'') and ``body_ref_feat``
                (N, C + C') are read.
            crops: ``keypoint_prompts`` (N, 17, 3) are read.

        Returns:
            MeshPrediction: As of :class:`BARHead`.
        """
        told = self.prompt_encoder(crops.keypoint_prompts)
        queries = features.part_query_feats + told
        return super().forward(
            features._replace(part_query_feats=queries), crops
        )
