"""Scoring against annotated key points."""

from dataclasses import dataclass
from typing import ClassVar, Dict, Tuple

import numpy as np
from torch import Tensor, nn

from mmbopr.registry import TASK_UTILS
from mmbopr.structures import J17, J17_FROM_J24, JOINT_SETS

from .base_protocol import Body, EvaluationProtocol


@TASK_UTILS.register_module()
@dataclass(frozen=True)
class KeypointProtocol(EvaluationProtocol):
    """Against 3D key points; there is no mesh to compare with."""

    gt_source: ClassVar[str] = 'keypoints_3d'
    label_keys: ClassVar[Tuple[str, ...]] = (
        'keypoints_3d',
        'has_keypoints_3d',
    )
    truth_words: ClassVar[str] = (
        '3D key points (has_keypoints_3d is False, or the confidence of a '
        'joint that is compared is 0)'
    )

    def labelled(self, labels: Dict[str, Tensor]) -> np.ndarray:
        """See the base class."""
        picks = list(JOINT_SETS[self.joint_set].indices_in(J17))
        confidence = labels['keypoints_3d'][:, list(J17_FROM_J24), 3]
        present = (confidence[:, picks] > 0).all(1)
        return (present & labels['has_keypoints_3d'].bool()).cpu().numpy()

    def truth(self, body_model: nn.Module, labels: Dict[str, Tensor]) -> Body:
        """See the base class; key points are J24 in metres, camera axes."""
        keypoints = labels['keypoints_3d'][:, list(J17_FROM_J24), :3]
        return Body(self.take_joints(keypoints, J17))
