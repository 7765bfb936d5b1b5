"""What necks that pool a fused map by attention share."""

from abc import ABCMeta, abstractmethod
from typing import Dict, NamedTuple, Sequence

from mmengine.model import BaseModule
from torch import Tensor

from mmbopr.registry import MODELS
from mmbopr.structures.predictions import BodyTargets

from ..losses import LossTerms


class BaseAttentionNeck(BaseModule, metaclass=ABCMeta):
    """Base of attention necks: subclasses write ``forward``.

    Args:
        fusion: Config of a module that turns the backbone's maps into one
            (it may return a sequence, whose first map is used); None takes
            the backbone's last map as it is.
        losses: Configs of the terms by name; None leaves a term out.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        fusion: dict | None,
        losses: Dict[str, dict | None],
        init_cfg: dict | None = None,
    ):
        super().__init__(init_cfg)
        self.fusion = None if fusion is None else MODELS.build(fusion)
        self.losses = LossTerms(losses)

    def fuse(self, feats: Sequence[Tensor]) -> Tensor:
        """Reduce the backbone's maps to one (N, C, H, W)."""
        if self.fusion is None:
            return feats[-1]
        fused = self.fusion(feats)
        return fused if isinstance(fused, Tensor) else fused[0]

    @abstractmethod
    def forward(self, feats: Sequence[Tensor]) -> NamedTuple:
        """Encode the backbone's maps (N, C_i, H_i, W_i), finest first."""

    @abstractmethod
    def loss_inputs(
        self, features: NamedTuple, targets: BodyTargets
    ) -> Dict[str, tuple]:
        """Arguments of every term.

        Args:
            features: Output of :meth:`forward`.
            targets: Ground truth of the batch.
        """

    def loss(self, features: NamedTuple, targets: BodyTargets) -> dict:
        """Supervise the maps, term by term.

        Args:
            features: Output of :meth:`forward`.
            targets: Ground truth of the batch.

        Returns:
            dict[str, Tensor]: scalar losses.
        """
        return self.losses(self.loss_inputs(features, targets))
