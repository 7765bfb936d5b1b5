"""Predicting for a benchmark whose truth is kept on a server."""

from dataclasses import dataclass
from typing import ClassVar, Dict

import numpy as np
from torch import Tensor, nn

from mmbopr.registry import TASK_UTILS

from ..functional import coincident
from .base_protocol import Body, EvaluationProtocol


@TASK_UTILS.register_module()
@dataclass(frozen=True)
class UnlabelledProtocol(EvaluationProtocol):
    """Against nothing: predictions are kept, all errors are NaN."""

    gt_source: ClassVar[str] = 'none'

    def truth(self, body_model: nn.Module, labels: Dict[str, Tensor]) -> Body:
        """See the base class: an unknown body."""
        return Body()

    def measure(self, pred: Body, truth: Body) -> Dict[str, np.ndarray]:
        """See the base class."""
        unknown = np.full(pred.joints.shape, np.nan, np.float32)
        return dict(
            joint_errors=unknown,
            joint_errors_pa=unknown[..., 0],
            vertex_errors=unknown[:, 0, 0],
            vertex_errors_pa=unknown[:, 0, 0],
            degenerate=coincident(pred.joints),
        )
