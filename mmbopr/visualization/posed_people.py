"""The meshes of a result, ready to be drawn."""

from typing import List, NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmbopr.body_models import SMPL, check_body
from mmbopr.structures import MeshResult

from .colors import track_colors


class PosedPeople(NamedTuple):
    """People of one image.

    Attributes:
        vertices: (P, V, 3) metres, in the frame of the full image's camera.
        pelvis: (P, 3) joint, likewise.
        faces: (F, 3) long.
        colors: (P, 3) float32 RGB, 0-255, one for who it is.
    """

    vertices: Tensor
    pelvis: Tensor
    faces: Tensor
    colors: Tensor


@torch.no_grad()
def pose_people(result: MeshResult, body_model: SMPL) -> PosedPeople:
    """Pose the people of a result before its camera.

    Args:
        result: P people.
        body_model: The body that the result belongs to.

    Returns:
        PosedPeople: On the CPU.

    Raises:
        ValueError: If the result belongs to another body, or somebody's
            numbers are not finite.
    """
    check_body(result.img_path, result.body_model_id, body_model)
    names = ('betas', 'body_pose', 'global_orient', 'cam_t_full')
    betas, body_pose, global_orient, transl = (
        torch.from_numpy(getattr(result, name)).to(body_model.v_template)
        for name in names
    )
    posed = body_model(betas, body_pose, global_orient, transl)
    lost = ~posed.vertices.isfinite().flatten(1).all(1)
    if lost.any():
        names = np.array(person_names(result))[lost.cpu().numpy()]
        raise ValueError(
            f'{result.img_path}: pose, shape or place of {", ".join(names)} '
            'is not finite; predict it again, or leave it out'
        )
    return PosedPeople(
        posed.vertices.cpu(),
        posed.joints[:, 0].cpu(),
        body_model.faces.cpu(),
        torch.from_numpy(track_colors(person_ids(result))),
    )


@torch.no_grad()
def statures(betas: np.ndarray, body_model: SMPL) -> Tensor:
    """How tall people are at rest, standing upright.

    Args:
        betas: (P, 10) shapes.
        body_model: Of the shapes.

    Returns:
        Tensor: (P,) metres, from the lowest to the highest vertex.
    """
    betas = torch.from_numpy(betas).to(body_model.v_template)
    rest = body_model.v_template.new_zeros(len(betas), 69)
    y = body_model(betas, rest, rest[:, :3]).vertices[..., 1]
    return (y.amax(1) - y.amin(1)).cpu()


def person_ids(result: MeshResult) -> List[int]:
    """Who the people are: their track ids, else their places in the result."""
    if result.track_id is None:
        return list(range(len(result)))
    return result.track_id.tolist()


def person_names(result: MeshResult) -> List[str]:
    """What people are called: ``#7`` if tracked, else ``No. 0``."""
    prefix = 'No. ' if result.track_id is None else '#'
    return [f'{prefix}{person}' for person in person_ids(result)]
