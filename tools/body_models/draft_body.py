"""The body while it is being built, and random poses to fit things on."""

from dataclasses import dataclass

import numpy as np
import torch

from mmbopr.body_models.lbs import forward_kinematics
from mmbopr.structures import SMPL_24, SMPL_PARENTS
from mmbopr.utils.rotation import axis_angle_to_matrix

# Joint limits in degrees about x, y, z; the right side is the mirror image.
_LIMITS = {
    'left_hip': ((-110, 25), (-30, 30), (-12, 40)),
    'left_knee': ((0, 130), (-5, 5), (-5, 5)),
    'left_ankle': ((-30, 30), (-15, 15), (-10, 10)),
    'left_foot': ((-10, 15), (0, 0), (0, 0)),
    'spine1': ((-12, 30), (-12, 12), (-12, 12)),
    'spine2': ((-8, 20), (-12, 12), (-10, 10)),
    'spine3': ((-8, 18), (-12, 12), (-8, 8)),
    'neck': ((-20, 25), (-25, 25), (-12, 12)),
    'head': ((-20, 20), (-25, 25), (-12, 12)),
    'left_collar': ((-8, 8), (-12, 12), (-12, 18)),
    'left_shoulder': ((-35, 35), (-75, 45), (-85, 75)),
    'left_elbow': ((-10, 10), (-135, 0), (-8, 8)),
    'left_wrist': ((-50, 50), (-20, 20), (-40, 40)),
    'left_hand': ((-5, 5), (-5, 5), (-35, 10)),
}


def random_poses(rng, count):
    """(count, 24, 3) axis-angle within the joint limits, root unrotated."""
    poses = np.zeros((count, 24, 3))
    for left, limits in _LIMITS.items():
        low, high = np.radians(limits).T
        for name in dict.fromkeys((left, left.replace('left', 'right'))):
            share = rng.beta(1.5, 1.5, (count, 3))
            sign = [1, -1, -1] if name.startswith('right') else [1, 1, 1]
            joint = SMPL_24.names.index(name)
            poses[:, joint] = (low + (high - low) * share) * sign
    return poses


@dataclass
class Posed:
    """Kinematics of N random bodies.

    Attributes:
        shaped: (N, V, 3) vertices in rest pose.
        rotmats: (N, 24, 3, 3) relative to the parent.
        rotations: (N, 24, 3, 3) global.
        rest_joints: (N, 24, 3).
        joints: (N, 24, 3) posed.
    """

    shaped: np.ndarray
    rotmats: np.ndarray
    rotations: np.ndarray
    rest_joints: np.ndarray
    joints: np.ndarray

    @property
    def shifts(self):
        """(N, 24, 3): a point x of joint j goes to rotation x + shift."""
        moved = (self.rotations @ self.rest_joints[..., None])[..., 0]
        return self.joints - moved

    def attached(self, points, joint):
        """Where points (N, 3) of the rest pose go, fixed to a joint."""
        rotated = (self.rotations[:, joint] @ points[..., None])[..., 0]
        return rotated + self.shifts[:, joint]


def pose_bodies(v_template, shapedirs, J_regressor, betas, poses):
    """Shape N bodies and pose their joints.

    Args:
        v_template, shapedirs, J_regressor: As in SMPL files.
        betas: (N, 10).
        poses: (N, 24, 3) axis-angle.

    Returns:
        Posed: All arrays float64.
    """
    shaped = v_template + np.einsum('vcb,nb->nvc', shapedirs, betas)
    rest_joints = np.einsum('jv,nvc->njc', J_regressor, shaped)
    rotmats = axis_angle_to_matrix(torch.from_numpy(poses))
    rotations, joints = forward_kinematics(
        rotmats,
        torch.from_numpy(rest_joints),
        torch.tensor(SMPL_PARENTS).clamp(min=0),
    )
    return Posed(
        shaped, rotmats.numpy(), rotations.numpy(), rest_joints, joints.numpy()
    )


def skin(posed, rest_vertices, weights):
    """Linear blend skinning of (N, V, 3) vertices; weights (V, 24)."""
    motions = np.concatenate([posed.rotations, posed.shifts[..., None]], -1)
    blended = np.einsum('vj,njkl->nvkl', weights, motions, optimize=True)
    moved = (blended[..., :3] @ rest_vertices[..., None])[..., 0]
    return moved + blended[..., 3]
