"""The camera of a synthetic scene.

World frame: metres, x right, y up, z towards the camera, ground at y = 0, so
that an unturned SMPL body stands upright and looks at the camera.  Camera
frame: x right, y down, z forward.
"""

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from scipy.spatial.transform import Rotation

IMAGE_SIZES = ((320, 240), (320, 320), (400, 300), (240, 320), (270, 360))
_WORLD_TO_LEVEL_CAMERA = np.diag([1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Viewpoint:
    """A pinhole camera above the ground.

    Attributes:
        K: (4,) fx, fy, cx, cy in pixels.
        size: Width and height of the image in pixels.
        rotation: (3, 3) world to camera.
        position: (3,) in the world, metres.
    """

    K: np.ndarray
    size: Tuple[int, int]
    rotation: np.ndarray
    position: np.ndarray

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """Move points (..., 3) from the world to the camera frame."""
        return (points - self.position) @ self.rotation.T

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixels (..., 2) of points (..., 3) in the camera frame."""
        return points[..., :2] / points[..., 2:] * self.K[:2] + self.K[2:]

    def rays(self) -> np.ndarray:
        """World directions (h, w, 3) of the pixel centres, depth 1."""
        columns = np.arange(self.size[0], dtype=np.float32) + 0.5
        rows = np.arange(self.size[1], dtype=np.float32) + 0.5
        x = (columns - self.K[2]) / self.K[0]
        y = (rows - self.K[3]) / self.K[1]
        axes = self.rotation.astype(np.float32)
        return (
            x[None, :, None] * axes[0] + y[:, None, None] * axes[1] + axes[2]
        )


def sample_viewpoint(
    rng: np.random.Generator, subject_extent: Tuple[float, float]
) -> Tuple[Viewpoint, float]:
    """A camera aimed at the main subject, and how far away it stands.

    Args:
        rng: Source of randomness.
        subject_extent: Width and height of the subject in metres.

    Returns:
        tuple[Viewpoint, float]: the camera, and the subject's distance along
        the ground in metres, such that the subject fills most of the image.
    """
    width, height = IMAGE_SIZES[rng.integers(len(IMAGE_SIZES))]
    focal = max(width, height) * rng.uniform(0.95, 2.0)
    fill = rng.uniform(0.55, 0.92)
    if rng.random() < 0.12:  # so near that the image cuts the subject off
        fill *= rng.uniform(1.3, 1.7)
    extent = max(
        subject_extent[1] / height, subject_extent[0] / width, 1.0 / height
    )
    distance = max(focal * extent / fill, 1.3)
    camera_height = np.clip(rng.normal(1.4, 0.4), 0.5, 2.6)
    drop = camera_height - 0.5 * subject_extent[1]
    pitch = np.arctan2(drop, distance) + np.deg2rad(rng.normal(0, 2.0))
    roll = np.deg2rad(rng.normal(0, 2.0))
    tilt = Rotation.from_euler('ZX', [roll, pitch]).as_matrix()
    viewpoint = Viewpoint(
        K=np.array([focal, focal, width / 2, height / 2]),
        size=(width, height),
        rotation=tilt @ _WORLD_TO_LEVEL_CAMERA,
        position=np.array([0.0, camera_height, 0.0]),
    )
    return viewpoint, distance
