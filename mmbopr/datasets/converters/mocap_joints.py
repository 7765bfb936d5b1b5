"""The 17 joints that motion capture data sets share with J24 (SPIN)."""

from typing import Dict

import numpy as np

from mmbopr.structures import J24_IN_SPIN_49

from .geometry import hip_centred, with_confidence

# Pelvis; left, right leg; spine, neck, jaw, head; left, right arm: the order
# that SPIN lists them in.
IN_J24 = [14, 3, 4, 5, 2, 1, 0, 16, 12, 17, 18, 9, 10, 11, 8, 7, 6]
IN_SPIN_49 = [J24_IN_SPIN_49[joint] for joint in IN_J24]


def mocap_labels(
    joints_2d: np.ndarray, joints_3d: np.ndarray
) -> Dict[str, np.ndarray]:
    """Columns of rows that have these joints and no body.

    Args:
        joints_2d: (N, 17, 2) pixels, in the order of :data:`IN_J24`.
        joints_3d: (N, 17, 3) metres, camera axes.

    Returns:
        dict: ``kp2d`` (N, 49, 3) and ``kp3d`` (N, 24, 4), the latter around
        the mid-hip; zero where there is no joint.
    """
    keypoints = np.zeros((len(joints_2d), 49, 3))
    keypoints[:, IN_SPIN_49] = with_confidence(joints_2d)
    j24 = np.zeros((len(joints_3d), 24, 4))
    j24[:, IN_J24] = with_confidence(joints_3d)
    j24[..., :3] = hip_centred(j24[..., :3]) * j24[..., 3:]
    return {'kp2d': keypoints, 'kp3d': j24}
