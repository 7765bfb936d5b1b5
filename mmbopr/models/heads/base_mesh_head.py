"""What every head that regresses body parameters shares: L_BAR."""

import math
from abc import ABCMeta, abstractmethod
from typing import Dict

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from mmbopr.structures import NUM_PARTS, PART_NAMES
from mmbopr.structures.predictions import (
    BodyTargets,
    CropContext,
    MeshPrediction,
)
from mmbopr.utils.rotation import axis_angle_to_matrix, matrix_to_rot6d

from ..cameras import BaseCamera
from ..losses import LossTerms
from ..targets.relative_depth import part_centres, relative_depth

# Where training starts: a person who stands upright, arms lowered, and fills
# most of the crop.  Axis-angle in radians; the root turns SMPL's y-up frame
# into the camera's y-down frame.
INITIAL_CAM = (0.9, 0.0, 0.0)
_INITIAL_POSE = {
    'pelvis': (math.pi, 0.0, 0.0),
    'left_shoulder': (0.0, 0.0, -1.1),
    'right_shoulder': (0.0, 0.0, 1.1),
}


def initial_rot6d() -> Tensor:
    """(24, 6) standing pose in camera axes, the start of pose regressors."""
    pose = torch.zeros(NUM_PARTS, 3)
    for name, rotation in _INITIAL_POSE.items():
        pose[PART_NAMES.index(name)] = torch.tensor(rotation)
    return matrix_to_rot6d(axis_angle_to_matrix(pose))


def linear_from(in_features: int, bias) -> nn.Linear:
    """A linear layer that starts at ``bias`` for every input."""
    layer = nn.Linear(in_features, len(bias))
    nn.init.xavier_uniform_(layer.weight, gain=0.01)
    with torch.no_grad():
        layer.bias.copy_(torch.as_tensor(bias))
    return layer


class BaseMeshHead(BaseModule, metaclass=ABCMeta):
    """Base of mesh heads: subclasses write ``forward``.

    Args:
        loss_keypoints_2d: Config of L_2D; None leaves the term out, here and
            below.  In distributed training a regressor needs its term: use
            ``loss_weight=0`` there, as the paper's ablations do.
        loss_keypoints_3d: Config of L_3D.
        loss_pose: Config of L_SMPL's pose part.
        loss_betas: Config of L_SMPL's shape part.
        loss_rel_depth: Config of L_RD.
        loss_mesh_rel_depth: Config of L_RD on the predicted mesh, where RD is
            not regressed but follows from pose and shape (not in the paper).
        loss_camera: Config of the camera term.
        init_cfg: MMEngine's initialisation config.
    """

    def __init__(
        self,
        *,
        loss_keypoints_2d: dict | None = None,
        loss_keypoints_3d: dict | None = None,
        loss_pose: dict | None = None,
        loss_betas: dict | None = None,
        loss_rel_depth: dict | None = None,
        loss_mesh_rel_depth: dict | None = None,
        loss_camera: dict | None = None,
        init_cfg: dict | None = None,
    ):
        super().__init__(init_cfg)
        self.losses = LossTerms(
            {
                'loss_keypoints_2d': loss_keypoints_2d,
                'loss_keypoints_3d': loss_keypoints_3d,
                'loss_pose': loss_pose,
                'loss_betas': loss_betas,
                'loss_rel_depth': loss_rel_depth,
                'loss_mesh_rel_depth': loss_mesh_rel_depth,
                'loss_camera': loss_camera,
            }
        )

    @abstractmethod
    def forward(self, features, crops: CropContext) -> MeshPrediction:
        """Regress body parameters from the neck's features.

        Args:
            features: Output of the neck.
            crops: Where the crops of N people lie in their images.
        """

    def loss(
        self,
        features,
        crops: CropContext,
        targets: BodyTargets,
        body: nn.Module,
        camera: BaseCamera,
    ) -> dict:
        """L_BAR of eq. (4), term by term.

        Args:
            features: Output of the neck.
            crops: Where the crops of N people lie in their images.
            targets: Ground truth of the batch.
            body: The (neutral) body model that poses the prediction.
            camera: Projects the prediction.

        Returns:
            dict[str, Tensor]: scalar losses.

        Raises:
            ValueError: If L_RD is asked of a head without relative depth.
        """
        pred = self(features, crops).float()
        if pred.rel_depth is None and 'loss_rel_depth' in self.losses:
            raise ValueError(
                f'{type(self).__name__} regresses no relative depth, which '
                'model.head.loss_rel_depth would supervise: set it to None, '
                'or use a BARHead'
            )
        posed = body(
            betas=pred.betas,
            body_pose=pred.pose_rotmat[:, 1:],
            global_orient=pred.pose_rotmat[:, :1],
            pose2rot=False,
        )
        joints = body.joint_set(posed, 'j24')
        inputs = _loss_inputs(pred, joints, targets)
        inputs['loss_keypoints_2d'] = (
            camera.project(joints, pred.cam, crops),
            targets.keypoints_2d,
        )
        if 'loss_mesh_rel_depth' in self.losses:
            inputs['loss_mesh_rel_depth'] = (
                _mesh_rel_depth(posed, body),
                targets.rel_depth,
                targets.has_rel_depth,
            )
        return self.losses(inputs)


def _loss_inputs(
    pred: MeshPrediction, joints: Tensor, targets: BodyTargets
) -> Dict[str, tuple]:
    """Arguments of the terms that need no more than these.

    Args:
        pred: What is regressed.
        joints: (N, 24, 3) J24 of the posed bodies, metres.
        targets: Ground truth of the batch.
    """
    return {
        'loss_keypoints_3d': (
            joints,
            targets.keypoints_3d,
            targets.has_keypoints_3d,
        ),
        'loss_pose': (pred.pose_rotmat, targets.pose_rotmat, targets.has_smpl),
        'loss_betas': (pred.betas, targets.betas, targets.has_betas),
        'loss_rel_depth': (
            pred.rel_depth,
            targets.rel_depth,
            targets.has_rel_depth,
        ),
        'loss_camera': (pred.cam,),
    }


def _mesh_rel_depth(posed, body: nn.Module) -> Tensor:
    """RD (N, 24, 3) in metres of posed bodies."""
    # Half precision would move depths by millimetres.
    with torch.autocast(posed.vertices.device.type, enabled=False):
        centres = part_centres(posed.vertices, body.part_labels)
        return relative_depth(posed.joints[:, :NUM_PARTS], centres)[0]
