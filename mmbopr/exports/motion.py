"""A track as a skeleton in motion."""

from dataclasses import replace
from typing import Any, Dict, List, NamedTuple, Tuple

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL
from mmbopr.structures import SMPL_24, SMPL_PARENTS, MeshTrack

from .axes import Y_UP_FROM_CAMERA, Axes


class Motion(NamedTuple):
    """A person of constant shape in the axes of a file.

    At rest the person stands upright in these axes, as SMPL does, facing
    what is backward for the camera. Metres, seconds and radians.

    Attributes:
        times: (T,) since the first frame.
        rest_vertices: (V, 3) of the shaped body at rest.
        rest_joints: (24, 3), likewise.
        rotations: (T, 24, 3) axis-angle relative to the parent.
        root: (T, 3) where the pelvis is; the camera is the origin.
    """

    times: np.ndarray
    rest_vertices: np.ndarray
    rest_joints: np.ndarray
    rotations: np.ndarray
    root: np.ndarray

    @property
    def offsets(self) -> np.ndarray:
        """(24, 3) of the joints at rest from their parents.

        That of the pelvis is from the origin.
        """
        offsets = self.rest_joints - self.rest_joints[list(SMPL_PARENTS)]
        offsets[0] = self.rest_joints[0]
        return offsets


def children_of(joint: int) -> List[int]:
    """The joints that hang on one of SMPL's 24."""
    return [i for i, parent in enumerate(SMPL_PARENTS) if parent == joint]


def with_mean_shape(track: MeshTrack) -> MeshTrack:
    """The track with one shape in all frames: skeletons do not grow."""
    mean = np.mean(track.betas, 0, keepdims=True, dtype=np.float64)
    return replace(track, betas=np.float32(mean).repeat(len(track), 0))


def track_facts(track: MeshTrack, axes: Axes) -> Dict[str, Any]:
    """What the file of a motion says about itself.

    With ``fps`` and ``first_frame``, people of one video can be brought in
    step again.
    """
    return axes.facts(track.body_model_id) | dict(
        track_id=int(track.track_id),
        fps=float(track.fps),
        first_frame=int(track.frame[0]),
    )


@torch.no_grad()
def rest_body(
    betas: np.ndarray, body_model: SMPL
) -> Tuple[np.ndarray, np.ndarray]:
    """The person at rest, in SMPL's frame.

    Args:
        betas: (10,) shape.
        body_model: The body that it belongs to.

    Returns:
        tuple: Vertices (V, 3) and joints (24, 3) in metres, float64.
    """
    betas = torch.from_numpy(betas).to(body_model.v_template)
    rest = body_model(betas[None])
    vertices, joints = rest.vertices[0], rest.joints[0, : len(SMPL_24)]
    return vertices.double().cpu().numpy(), joints.double().cpu().numpy()


def motion_of(track: MeshTrack, body_model: SMPL, axes: Axes) -> Motion:
    """Turn a track into the axes of a file.

    Args:
        track: T frames of one shape.
        body_model: The body that it belongs to.
        axes: Of the file.
    """
    vertices, joints = rest_body(track.betas[0], body_model)
    upright = Rotation.from_matrix(Y_UP_FROM_CAMERA) * Rotation.from_rotvec(
        track.global_orient
    )
    pose = np.concatenate([upright.as_rotvec(), track.body_pose], 1)
    # A rotation seen from turned axes is one about the turned vector.
    return Motion(
        times=(track.frame - track.frame[0]) / track.fps,
        rest_vertices=vertices @ axes.from_y_up.T,
        rest_joints=joints @ axes.from_y_up.T,
        rotations=pose.reshape(-1, len(SMPL_24), 3) @ axes.from_y_up.T,
        root=(joints[0] + track.cam_t_full) @ axes.from_camera.T,
    )
