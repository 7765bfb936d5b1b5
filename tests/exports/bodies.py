"""What SMPL says about a result or a track, in OpenCV's camera frame."""

import numpy as np
import torch

from mmbopr.structures import SMPL_24

LEFT_WRIST, RIGHT_WRIST, HEAD = (
    SMPL_24.names.index(name) for name in ('left_wrist', 'right_wrist', 'head')
)

# From OpenCV's camera frame, written down independently of the package.
TURNS = {
    'opencv': np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    'opengl': np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]]),
    'blender': np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]),
}


def pose_body(body, people, betas=None):
    """Vertices (N, V, 3) and joints (N, 24, 3)."""
    betas = people.betas if betas is None else betas
    rows = (betas, people.body_pose, people.global_orient, people.cam_t_full)
    posed = body(*(torch.tensor(np.asarray(x)).float() for x in rows))
    return posed.vertices.numpy(), posed.joints[:, :24].numpy()


def mean_betas(track):
    return np.tile(track.betas.mean(0), (len(track), 1))


def check_left_arm_is_up(joints, turn):
    """Of a person facing the camera; joints (..., 24, 3) in the file's axes.

    Back in the camera frame, the left wrist is above the head and on the
    image's right side; the right wrist is on the left and lower.
    """
    joints = joints @ turn
    left, right = joints[..., LEFT_WRIST, :], joints[..., RIGHT_WRIST, :]
    head = joints[..., HEAD, :]
    assert (left[..., 1] < head[..., 1]).all()
    assert (right[..., 1] > head[..., 1] + 0.1).all()
    assert (left[..., 0] > head[..., 0] + 0.1).all()
    assert (right[..., 0] < head[..., 0] - 0.3).all()
