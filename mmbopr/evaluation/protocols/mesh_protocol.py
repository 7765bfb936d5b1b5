"""Scoring against bodies."""

from dataclasses import dataclass
from typing import ClassVar, Dict, Tuple

import numpy as np
import torch
from torch import Tensor, nn

from mmbopr.registry import TASK_UTILS
from mmbopr.structures import JOINT_SETS, NEUTRAL
from mmbopr.utils.rotation import axis_angle_to_matrix

from ..bodies import pose_bodies
from ..functional import point_distances, procrustes_distances
from .base_protocol import ROOTS, Body, EvaluationProtocol, choose, root_of


@TASK_UTILS.register_module()
@dataclass(frozen=True)
class MeshProtocol(EvaluationProtocol):
    """Against bodies: joints and vertices of the annotated parameters.

    Attributes:
        gt_gender: ``'row'`` poses each truth by the body of its own gender
            (SPIN, BEDLAM), ``'neutral'`` puts the same parameters into the
            neutral body (PARE's default, HybrIK, METRO).
        pve_align: ``'none'`` compares vertices from the model's origin
            (PARE), the name of a root moves both bodies there first
            (``'pelvis'``: BEDLAM).
    """

    gt_gender: str = 'row'
    pve_align: str = 'none'

    gt_source: ClassVar[str] = 'smpl'
    label_keys: ClassVar[Tuple[str, ...]] = (
        'smpl_pose',
        'betas',
        'gender',
        'has_smpl',
    )
    truth_words: ClassVar[str] = 'SMPL ground truth (has_smpl is False)'

    def __post_init__(self) -> None:
        super().__post_init__()
        choose('gt_gender', self.gt_gender, ('row', 'neutral'))
        choose('pve_align', self.pve_align, ('none', *ROOTS))

    def body(self, vertices: Tensor, joints: Tensor) -> Body:
        """See the base class; vertices are compared, too."""
        source = JOINT_SETS[self.regressor]
        if self.pve_align != 'none':
            vertices = vertices - root_of(joints, source, self.pve_align)
        return Body(self.take_joints(joints, source), vertices)

    def labelled(self, labels: Dict[str, Tensor]) -> np.ndarray:
        """See the base class."""
        return labels['has_smpl'].bool().cpu().numpy()

    def truth(self, body_model: nn.Module, labels: Dict[str, Tensor]) -> Body:
        """See the base class."""
        gender = labels['gender'].long()
        if self.gt_gender == 'neutral':
            gender = torch.full_like(gender, NEUTRAL)
        rotmat = axis_angle_to_matrix(labels['smpl_pose'].float())
        betas = labels['betas'].float()
        return self.body(
            *pose_bodies(body_model, rotmat, betas, gender, self.regressor)
        )

    def measure(self, pred: Body, truth: Body) -> Dict[str, np.ndarray]:
        """See the base class."""
        vertices = pred.vertices.double().cpu().numpy()
        target = truth.vertices.double().cpu().numpy()
        plain = point_distances(vertices, target).mean(axis=1)
        aligned = procrustes_distances(vertices, target).mean(axis=1)
        return {
            **super().measure(pred, truth),
            'vertex_errors': plain.astype(np.float32),
            'vertex_errors_pa': aligned.astype(np.float32),
        }
