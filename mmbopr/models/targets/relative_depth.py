"""Relative depth: signed distances of the parts to the torso's planes."""

from typing import Tuple

import torch
from torch import Tensor
from torch.nn import functional as F

from mmbopr.structures import NUM_PARTS, SMPL_24

_PELVIS, _LEFT_HIP, _RIGHT_HIP, _LEFT_SHOULDER, _RIGHT_SHOULDER = (
    SMPL_24.names.index(name)
    for name in (
        'pelvis',
        'left_hip',
        'right_hip',
        'left_shoulder',
        'right_shoulder',
    )
)
# Below this length (metres) a torso axis has no meaningful direction.
_MIN_LENGTH = 1e-3


def torso_axes(joints: Tensor) -> Tuple[Tensor, Tensor]:
    """Front, left and up of the torso (paper section 3.3, figure 3).

    Up runs from the hips to the shoulders, left across both, front is
    left x up; they are the normals of the frontal, the side and the
    cross-section plane.

    Args:
        joints: (N, 24, 3) posed SMPL joints in metres, any rigid frame.

    Returns:
        tuple[Tensor, Tensor]: rows (front, left, up) as (N, 3, 3) unit
        vectors, and (N,) bool, whether they are well defined.
    """
    shoulders = joints[:, _LEFT_SHOULDER], joints[:, _RIGHT_SHOULDER]
    hips = joints[:, _LEFT_HIP], joints[:, _RIGHT_HIP]
    up = (sum(shoulders) - sum(hips)) / 2
    height = up.norm(dim=-1)
    up = F.normalize(up, dim=-1)
    left = (shoulders[0] - shoulders[1]) + (hips[0] - hips[1])
    left = left - (left * up).sum(-1, keepdim=True) * up
    width = left.norm(dim=-1)
    left = F.normalize(left, dim=-1)
    front = torch.cross(left, up, dim=-1)
    valid = (height > _MIN_LENGTH) & (width > _MIN_LENGTH)
    return torch.stack([front, left, up], 1), valid


def part_centres(vertices: Tensor, part_labels: Tensor) -> Tensor:
    """Mean vertex of every part ("the centre of each part area").

    Args:
        vertices: (N, V, 3).
        part_labels: (V,) part of each vertex, 0..23.

    Returns:
        Tensor: (N, 24, 3), in the unit and frame of the vertices.
    """
    total = vertices.new_zeros(len(vertices), NUM_PARTS, 3)
    total = total.index_add(1, part_labels, vertices)
    count = vertices.new_zeros(NUM_PARTS)
    count = count.index_add(0, part_labels, torch.ones_like(vertices[0, :, 0]))
    return total / count[:, None]


def relative_depth(
    joints: Tensor, part_centres: Tensor
) -> Tuple[Tensor, Tensor]:
    """RD: signed distances of part centres to the three torso planes.

    All planes pass through the pelvis.  RD does not change under rotation and
    translation of the body; a mirrored body permutes the parts and negates
    the second column.

    Args:
        joints: (N, 24, 3) posed SMPL joints in metres, any rigid frame.
        part_centres: (N, 24, 3) mean vertex of each part, same frame.

    Returns:
        tuple[Tensor, Tensor]: RD (N, 24, 3) in metres as (in front of the
        frontal plane, left of the side plane, above the cross-section), and
        (N,) bool, whether the planes are well defined.
    """
    axes, valid = torso_axes(joints)
    offsets = part_centres - joints[:, _PELVIS, None]
    depth = offsets @ axes.transpose(1, 2)
    return depth, valid & torch.isfinite(depth).flatten(1).all(1)
