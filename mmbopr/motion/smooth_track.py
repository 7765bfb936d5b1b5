"""A person's motion without jitter."""

from dataclasses import replace
from typing import Callable, Optional

import numpy as np
import torch
from torch import Tensor

from mmbopr.structures.mesh_track import MeshTrack
from mmbopr.utils.rotation import (
    axis_angle_to_quaternion,
    quaternion_to_axis_angle,
)

from .one_euro import OneEuro
from .savitzky_golay import SavitzkyGolay
from .spaces import POINTS, ROTATIONS, Space

Smoother = Callable[[Tensor, Tensor, Space], Tensor]

# By the names that the command line knows.
SMOOTHERS = {'one-euro': OneEuro, 'savgol': SavitzkyGolay}
SHAPES = {'mean': np.mean, 'median': np.median}


@torch.inference_mode()
def smooth_track(
    track: MeshTrack, smoother: Smoother, shape: Optional[str] = 'median'
) -> MeshTrack:
    """Smooth the 24 rotations and the translation of a person.

    Rotations are smoothed as rotations, each joint by itself; frames in
    which the person was not found stay missing, and count as time passed.

    Args:
        track: The person.
        smoother: An instance of one of :data:`SMOOTHERS`, or any function of
            the same arguments.
        shape: ``'mean'`` or ``'median'`` to give the person one shape
            throughout, component by component; None leaves the betas.

    Returns:
        MeshTrack: Of the same frames and boxes.

    Raises:
        KeyError: If there is no such ``shape``.
    """
    times = torch.from_numpy(track.frame / track.fps)
    pose = np.concatenate([track.global_orient, track.body_pose], 1)
    rotations = torch.from_numpy(pose).double().unflatten(1, (-1, 3))
    rotations = axis_angle_to_quaternion(rotations)
    smooth = smoother(rotations, times, ROTATIONS)
    pose = quaternion_to_axis_angle(smooth).flatten(1).float().numpy()
    transl = torch.from_numpy(track.cam_t_full).double()
    betas = track.betas
    if shape is not None:
        betas = np.broadcast_to(SHAPES[shape](betas, 0), betas.shape)
    return replace(
        track,
        global_orient=pose[:, :3],
        body_pose=pose[:, 3:],
        betas=betas.astype(np.float32),
        cam_t_full=smoother(transl, times, POINTS).float().numpy(),
    )
