"""Pictures of bodies from elsewhere than the camera, on white."""

from typing import Optional, Tuple

import numpy as np
from torch import Tensor

from .renderer import render_meshes

_WHITE = 255
_MARGIN = 0.05  # around the people, as a share of the picture
# Right stays right, what was far is up, and what was high is near.
_FROM_ABOVE = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0))


def render_side_view(
    vertices: Tensor,
    faces: Tensor,
    angle: float = 90.0,
    size: int = 256,
    colors: Optional[Tensor] = None,
) -> np.ndarray:
    """Draw people on white from a camera that went around them.

    The camera circles about the vertical axis through the middle of the
    people and looks at it from far away; 90 degrees looks from the image's
    right, so that what was far is on the right.

    Args:
        vertices: (V, 3) or (P, V, 3) metres, camera frame; any translation.
        faces: (F, 3) long.
        angle: Degrees; 0 keeps the direction of view.
        size: Side of the square picture in pixels.
        colors: As in :func:`render_meshes`.

    Returns:
        np.ndarray: (size, size, 3) uint8; the people fill most of it.
    """
    turned = rotate_about_vertical(_people(vertices), angle)
    return _render_from_far(turned, faces, size, colors)


def render_top_view(
    vertices: Tensor,
    faces: Tensor,
    size: int = 256,
    colors: Optional[Tensor] = None,
) -> np.ndarray:
    """Draw people on white from above, as on a map: far is up.

    Args:
        vertices: (V, 3) or (P, V, 3) metres, camera frame; any translation.
        faces: (F, 3) long.
        size: Side of the square picture in pixels.
        colors: As in :func:`render_meshes`.

    Returns:
        np.ndarray: (size, size, 3) uint8; the people fill most of it.
    """
    people = _people(vertices)
    turned = _centred(people) @ people.new_tensor(_FROM_ABOVE).T
    return _render_from_far(turned, faces, size, colors)


def rotate_about_vertical(vertices: Tensor, angle: float) -> Tensor:
    """What a camera that circled by ``angle`` degrees would see.

    Args:
        vertices: (P, V, 3), camera frame, y down.
        angle: Degrees; at 90 depth becomes x, and -x becomes depth.

    Returns:
        Tensor: (P, V, 3), centred on the middle of the bounding box.
    """
    radians = np.deg2rad(angle)
    cos, sin = float(np.cos(radians)), float(np.sin(radians))
    turn = vertices.new_tensor([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    return _centred(vertices) @ turn.T


def _people(vertices: Tensor) -> Tensor:
    vertices = vertices.detach().float().cpu()
    return vertices[None] if vertices.dim() == 2 else vertices


def _centred(vertices: Tensor) -> Tensor:
    if not len(vertices):
        return vertices
    points = vertices.flatten(0, 1)
    return vertices - (points.amin(0) + points.amax(0)) / 2


def _render_from_far(vertices, faces, size, colors) -> np.ndarray:
    white = np.full((size, size, 3), _WHITE, np.uint8)
    if not len(vertices):
        return white
    moved, K = _fit_camera(vertices, size)
    return render_meshes(white, moved, faces, K, colors, alpha=1.0)


def _fit_camera(vertices, size) -> Tuple[Tensor, Tensor]:
    """Push centred people away and choose K so that they fill the picture."""
    radius = vertices.flatten(0, 1).norm(dim=-1).amax().clamp_min(1e-3)
    moved = vertices + vertices.new_tensor([0, 0, 1]) * 6 * radius
    reach = (moved[..., :2] / moved[..., 2:]).abs().amax().clamp_min(1e-6)
    focal = float(size * (0.5 - _MARGIN) / reach)
    return moved, vertices.new_tensor([focal, focal, size / 2, size / 2])
