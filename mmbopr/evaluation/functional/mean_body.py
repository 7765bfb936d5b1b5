"""The mean body of a data set: the baseline that looks at no picture."""

from typing import Tuple

import numpy as np
import torch

from mmbopr.utils.rotation import axis_angle_to_matrix
from mmbopr.utils.rotation_fit import nearest_rotations

from .points import Array, check_finite


def mean_body(pose: Array, betas: Array) -> Tuple[np.ndarray, np.ndarray]:
    """Chordal mean of each joint's rotation, arithmetic mean of the shape.

    The chordal mean is the rotation nearest to the mean matrix (Hartley et
    al., IJCV 2013, section 5.3).

    Args:
        pose: (N, 24, 3) axis-angle in radians, root in the camera frame.
        betas: (N, 10) shape coefficients.

    Returns:
        tuple[np.ndarray, np.ndarray]: (24, 3, 3) rotation matrices and (10,)
        betas, float64.

    Raises:
        ValueError: If shapes are wrong, a number is not finite, or the
            rotations of a joint cancel so that they have no mean.
    """
    pose = torch.as_tensor(pose).detach().cpu().double()
    betas = torch.as_tensor(betas).detach().cpu().double()
    if pose.ndim != 3 or pose.shape[2] != 3 or len(pose) == 0:
        raise ValueError(
            'pose: expected axis-angle of shape (N, 24, 3) with N >= 1, '
            f'found {tuple(pose.shape)}'
        )
    if betas.ndim != 2 or len(betas) != len(pose):
        raise ValueError(
            f'betas: expected shape ({len(pose)}, 10), one row for each '
            f'pose, found {tuple(betas.shape)}'
        )
    check_finite('pose', pose)
    check_finite('betas', betas)
    mean = axis_angle_to_matrix(pose).mean(0).numpy()
    singular = np.linalg.svd(mean, compute_uv=False)
    sign = np.sign(np.linalg.det(mean))
    undefined = singular[:, 1] + sign * singular[:, 2] < 1e-9
    if undefined.any():
        raise ValueError(
            f'pose: the rotations of joints {np.flatnonzero(undefined)} '
            'cancel, so they have no mean; take it over other samples'
        )
    return nearest_rotations(mean), betas.mean(0).numpy()
