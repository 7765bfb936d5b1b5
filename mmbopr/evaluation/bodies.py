"""Bodies posed for comparison."""

from typing import Tuple

from torch import Tensor, nn


def pose_bodies(
    body_model: nn.Module,
    rotmat: Tensor,
    betas: Tensor,
    gender: Tensor,
    joint_set: str = 'h36m_17',
) -> Tuple[Tensor, Tensor]:
    """Vertices and joints of a batch, without translation.

    Args:
        body_model: A ``GenderedSMPL``.
        rotmat: (N, 24, 3, 3) rotations, root in the camera frame.
        betas: (N, 10) shape coefficients.
        gender: (N,) codes, 0 male, 1 female, 2 neutral.
        joint_set: Which joints, a key of ``JOINT_SETS``.

    Returns:
        tuple[Tensor, Tensor]: (N, V, 3) and (N, J, 3), metres, camera axes,
        from the model's origin.
    """
    output = body_model(
        betas=betas,
        body_pose=rotmat[:, 1:],
        global_orient=rotmat[:, :1],
        gender=gender,
        pose2rot=False,
    )
    return output.vertices, body_model.joint_set(output, joint_set)
