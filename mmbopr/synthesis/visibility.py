"""How much of a person is seen: occlusion fraction and visible joints."""

import numpy as np

from .render import DepthBuffer, Layer
from .viewpoint import Viewpoint

# A joint lies inside its limb: it counts as seen when the surface in front of
# it is nearer by no more than this multiple of the flesh around the joint.
_THICKNESS_FACTOR = 1.2
_THICKNESS_MARGIN = 0.03


def occlusion_fraction(layer: Layer, index: int, buffer: DepthBuffer) -> float:
    """Share of a silhouette that is hidden or outside the image.

    Args:
        layer: The person, rendered alone.
        index: Its index in ``buffer.owner``.
        buffer: The composed scene.

    Returns:
        float: 0 (fully seen) to 1.
    """
    area = layer.silhouette_area
    if area == 0:
        return 1.0
    return 1.0 - np.count_nonzero(buffer.owner == index) / area


def visible_joints(
    joints: np.ndarray,
    thickness: np.ndarray,
    index: int,
    buffer: DepthBuffer,
    viewpoint: Viewpoint,
) -> np.ndarray:
    """Joints that nothing stands before, the own body included.

    Args:
        joints: (J, 3) camera frame, metres.
        thickness: (J,) metres of flesh before or behind each joint.
        index: The person's index in ``buffer.owner``.
        buffer: The composed scene.
        viewpoint: The camera.

    Returns:
        np.ndarray: (J,) bool.
    """
    height, width = buffer.owner.shape
    pixels = viewpoint.project(joints)
    x, y = np.floor(pixels).astype(int).T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    owner, front = buffer.owner[y, x], buffer.depth[y, x]
    own = (owner == index) | (owner == -1)
    slack = _THICKNESS_FACTOR * thickness + _THICKNESS_MARGIN
    slack = np.where(own, slack, 0.0)
    return inside & (joints[:, 2] - front <= slack)
