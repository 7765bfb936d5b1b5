"""Rotations: axis-angle, matrices, quaternions and 6D.

The only place that fixes the 6D layout: the first two *columns* of a matrix
interleaved row by row, (r11, r12, r21, r22, r31, r32), as in SPIN and PARE;
the identity is [1, 0, 0, 1, 0, 0].  All functions take any leading dimensions.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def axis_angle_to_matrix(axis_angle: Tensor) -> Tensor:
    """Rodrigues' formula, with exact derivatives at the identity.

    Args:
        axis_angle: (..., 3) rotation vectors in radians.

    Returns:
        Tensor: (..., 3, 3) rotation matrices.
    """
    squared = (axis_angle * axis_angle).sum(-1)[..., None, None]
    small = squared < 1e-6
    # The Taylor branch must not see sqrt(0): its gradient would be NaN.
    angle = torch.where(small, torch.ones_like(squared), squared).sqrt()
    sine = torch.where(small, 1 - squared / 6, angle.sin() / angle)
    cosine = torch.where(
        small, 0.5 - squared / 24, (1 - angle.cos()) / angle**2
    )
    x, y, z = axis_angle.unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1)
    cross = cross.unflatten(-1, (3, 3))
    eye = torch.eye(3, dtype=cross.dtype, device=cross.device)
    return eye + sine * cross + cosine * (cross @ cross)


def matrix_to_quaternion(matrix: Tensor) -> Tensor:
    """Unit quaternions, through the best conditioned of four formulas.

    Args:
        matrix: (..., 3, 3) rotation matrices.

    Returns:
        Tensor: (..., 4) quaternions (w, x, y, z) with w >= 0.
    """
    m = matrix
    trace = m.diagonal(dim1=-2, dim2=-1)
    xx, yy, zz = trace.unbind(-1)
    # Row i holds 4 q_i * (w, x, y, z); its own entry is 4 q_i^2.
    rows = torch.stack(
        [
            torch.stack(
                [
                    1 + xx + yy + zz,
                    m[..., 2, 1] - m[..., 1, 2],
                    m[..., 0, 2] - m[..., 2, 0],
                    m[..., 1, 0] - m[..., 0, 1],
                ],
                -1,
            ),
            torch.stack(
                [
                    m[..., 2, 1] - m[..., 1, 2],
                    1 + xx - yy - zz,
                    m[..., 0, 1] + m[..., 1, 0],
                    m[..., 0, 2] + m[..., 2, 0],
                ],
                -1,
            ),
            torch.stack(
                [
                    m[..., 0, 2] - m[..., 2, 0],
                    m[..., 0, 1] + m[..., 1, 0],
                    1 - xx + yy - zz,
                    m[..., 1, 2] + m[..., 2, 1],
                ],
                -1,
            ),
            torch.stack(
                [
                    m[..., 1, 0] - m[..., 0, 1],
                    m[..., 0, 2] + m[..., 2, 0],
                    m[..., 1, 2] + m[..., 2, 1],
                    1 - xx - yy + zz,
                ],
                -1,
            ),
        ],
        -2,
    )
    best = rows.diagonal(dim1=-2, dim2=-1).argmax(-1)
    index = best[..., None, None].expand(*best.shape, 1, 4)
    quaternion = F.normalize(rows.gather(-2, index).squeeze(-2), dim=-1)
    sign = torch.where(quaternion[..., :1] < 0, -1.0, 1.0)
    return quaternion * sign.to(quaternion)


def matrix_to_axis_angle(matrix: Tensor) -> Tensor:
    """Inverse of :func:`axis_angle_to_matrix`, with angles in [0, pi].

    Args:
        matrix: (..., 3, 3) rotation matrices.

    Returns:
        Tensor: (..., 3) rotation vectors in radians.
    """
    return quaternion_to_axis_angle(matrix_to_quaternion(matrix))


def axis_angle_to_quaternion(axis_angle: Tensor) -> Tensor:
    """The exponential map of unit quaternions.

    Args:
        axis_angle: (..., 3) rotation vectors in radians.

    Returns:
        Tensor: (..., 4) quaternions (w, x, y, z).
    """
    half = axis_angle / 2
    angle = half.norm(dim=-1, keepdim=True)
    sinc = torch.sinc(angle / torch.pi)
    return torch.cat([angle.cos(), sinc * half], -1)


def quaternion_to_axis_angle(quaternion: Tensor) -> Tensor:
    """The shortest rotation that a unit quaternion of either sign stands for.

    Args:
        quaternion: (..., 4) as (w, x, y, z).

    Returns:
        Tensor: (..., 3) rotation vectors in radians, angles in [0, pi].
    """
    w, xyz = quaternion[..., :1], quaternion[..., 1:]
    xyz = torch.where(w < 0, -xyz, xyz)
    sine = xyz.norm(dim=-1, keepdim=True)
    angle = 2 * torch.atan2(sine, w.abs())
    small = sine < 1e-6
    ratio = angle / torch.where(small, torch.ones_like(sine), sine)
    return xyz * torch.where(small, torch.full_like(sine, 2.0), ratio)


def invert_quaternion(quaternion: Tensor) -> Tensor:
    """Inverses (..., 4) of unit quaternions (w, x, y, z)."""
    return torch.cat([quaternion[..., :1], -quaternion[..., 1:]], -1)


def multiply_quaternions(first: Tensor, second: Tensor) -> Tensor:
    """Hamilton's product: the rotation ``second``, then ``first``.

    Args:
        first: (..., 4) as (w, x, y, z).
        second: (..., 4), broadcast against it.

    Returns:
        Tensor: (..., 4) of the same order.
    """
    # The cross product wants as many dimensions of both.
    first, second = torch.broadcast_tensors(first, second)
    w, xyz = first[..., :1], first[..., 1:]
    v, abc = second[..., :1], second[..., 1:]
    scalar = w * v - (xyz * abc).sum(-1, keepdim=True)
    vector = w * abc + v * xyz + torch.linalg.cross(xyz, abc)
    return torch.cat([scalar, vector], -1)


def rot6d_to_matrix(rot6d: Tensor) -> Tensor:
    """Gram-Schmidt on two columns (Zhou et al., CVPR 2019, eq. 15).

    Args:
        rot6d: (..., 6) in the interleaved column layout of this module.

    Returns:
        Tensor: (..., 3, 3) rotation matrices.
    """
    columns = rot6d.unflatten(-1, (3, 2))
    first = F.normalize(columns[..., 0], dim=-1)
    second = columns[..., 1]
    second = second - (first * second).sum(-1, keepdim=True) * first
    second = F.normalize(second, dim=-1)
    third = torch.cross(first, second, dim=-1)
    return torch.stack([first, second, third], dim=-1)


def matrix_to_rot6d(matrix: Tensor) -> Tensor:
    """The first two columns of (..., 3, 3) matrices as (..., 6)."""
    return matrix[..., :2].flatten(-2)
