"""Linear blend skinning in a planar layout, for speed.

Equal to SMPL's formulation (Loper et al. 2015, eq. 2-10), rearranged: the
template, shape and pose displacements are one matrix product, vertices are
kept as (N, 3, V) so that skinning is one more product and nine
multiply-adds over contiguous rows, and joints come from precomputed
regressions of the betas instead of from all vertices.
"""

from typing import List, Tuple

import torch
from torch import Tensor

from mmbopr.structures import SMPL_PARENTS


def _tree_levels() -> List[Tuple[int, int, int]]:
    """Joints of equal depth stand side by side in SMPL's numbering.

    Returns:
        One (start, stop, start of the depth above) per depth from 1.
    """
    depth = [0]
    for parent in SMPL_PARENTS[1:]:
        depth.append(depth[parent] + 1)
    starts = [depth.index(d) for d in range(max(depth) + 1)]
    stops = [*starts[1:], len(depth)]
    return list(zip(starts[1:], stops[1:], starts[:-1], strict=True))


_LEVELS = _tree_levels()


def forward_kinematics(
    rotmats: Tensor, rest_joints: Tensor, parents: Tensor
) -> Tuple[Tensor, Tensor]:
    """Pose a kinematic tree, one depth of the tree at a time.

    Args:
        rotmats: (N, 24, 3, 3) rotations relative to the parent.
        rest_joints: (N, 24, 3) joints in rest pose, metres.
        parents: (24,) parent of each joint; the root's is not read.

    Returns:
        tuple: Global rotations (N, 24, 3, 3) and posed joints (N, 24, 3).
    """
    offsets = rest_joints[:, 1:] - rest_joints.index_select(1, parents[1:])
    rotations, joints = [rotmats[:, :1]], [rest_joints[:, :1]]
    for start, stop, parent_start in _LEVELS:
        local = parents[start:stop] - parent_start
        parent_rotation = rotations[-1].index_select(1, local)
        offset = offsets[:, start - 1 : stop - 1, :, None]
        rotations.append(parent_rotation @ rotmats[:, start:stop])
        joints.append(
            joints[-1].index_select(1, local)
            + (parent_rotation @ offset).squeeze(-1)
        )
    return torch.cat(rotations, 1), torch.cat(joints, 1)


def blend_shapes(
    betas: Tensor, rotmats: Tensor, blend_matrix: Tensor
) -> Tensor:
    """Displace the template by shape and pose in one matrix product.

    Args:
        betas: (N, B).
        rotmats: (N, 24, 3, 3) rotations relative to the parent.
        blend_matrix: (1 + B + 207, 3 * V): template, shape and pose
            displacements; columns ordered (3, V).

    Returns:
        Tensor: (N, 3, V) vertices in rest pose, metres.
    """
    eye = torch.eye(3, dtype=rotmats.dtype, device=rotmats.device)
    pose_feature = (rotmats[:, 1:] - eye).flatten(1)
    one = betas.new_ones(betas.shape[0], 1)
    coefficients = torch.cat([one, betas, pose_feature], 1)
    return (coefficients @ blend_matrix).unflatten(1, (3, -1))


def skin(
    rest_vertices: Tensor,
    rotations: Tensor,
    joints: Tensor,
    rest_joints: Tensor,
    weights_t: Tensor,
) -> Tensor:
    """Move each vertex by the weighted mean of the joints' motions.

    Args:
        rest_vertices: (N, 3, V) in rest pose, metres.
        rotations: (N, 24, 3, 3) global rotations.
        joints: (N, 24, 3) posed joints.
        rest_joints: (N, 24, 3) joints in rest pose.
        weights_t: (24, V) skinning weights.

    Returns:
        Tensor: (N, 3, V) posed vertices.
    """
    shift = joints - (rotations @ rest_joints[..., None]).squeeze(-1)
    motions = torch.cat([rotations, shift[..., None]], -1)  # (N, 24, 3, 4)
    blended = motions.flatten(2).transpose(1, 2) @ weights_t  # (N, 12, V)
    blended = blended.unflatten(1, (3, 4))
    x, y, z = rest_vertices[:, None].unbind(2)  # each (N, 1, V)
    a, b, c, shifted = blended.unbind(2)  # each (N, 3, V)
    for factor, coordinate in ((a, x), (b, y), (c, z)):
        shifted = torch.addcmul(shifted, factor, coordinate)
    return shifted
