"""The people of a result over their image, from the side and from above."""

import numpy as np
import torch

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult

from .posed_people import pose_people
from .renderer import render_meshes
from .views import render_side_view, render_top_view


def draw_overlay(
    image: np.ndarray,
    result: MeshResult,
    body_model: SMPL,
    alpha: float = 0.92,
) -> np.ndarray:
    """Draw the meshes over the full image, nearer people in front.

    Args:
        image: (H, W, 3) uint8 RGB, upright.
        result: Of this image.
        body_model: The body that the result belongs to.
        alpha: Opacity of the people.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB; a person keeps the colour of its
        track id.

    Raises:
        ValueError: If image or body are not those of the result.
    """
    check_image(image, result)
    people = pose_people(result, body_model)
    K = torch.from_numpy(result.K)
    return render_meshes(
        image, people.vertices, people.faces, K, people.colors, alpha
    )


def draw_side_view(
    result: MeshResult, body_model: SMPL, size: int = 512
) -> np.ndarray:
    """Draw the people as seen from the image's right, on white.

    Args:
        result: The people.
        body_model: The body that the result belongs to.
        size: Side of the square picture in pixels.

    Returns:
        np.ndarray: (size, size, 3) uint8 RGB; who was far is on the right.

    Raises:
        ValueError: If the result belongs to another body.
    """
    people = pose_people(result, body_model)
    return render_side_view(
        people.vertices, people.faces, size=size, colors=people.colors
    )


def draw_top_view(
    result: MeshResult, body_model: SMPL, size: int = 512
) -> np.ndarray:
    """Draw the people as seen from above, on white.

    Args:
        result: The people.
        body_model: The body that the result belongs to.
        size: Side of the square picture in pixels.

    Returns:
        np.ndarray: (size, size, 3) uint8 RGB; who was far is at the top.

    Raises:
        ValueError: If the result belongs to another body.
    """
    people = pose_people(result, body_model)
    return render_top_view(people.vertices, people.faces, size, people.colors)


def check_image(image: np.ndarray, result: MeshResult) -> None:
    """Raise ``ValueError`` if the image has not the size of the result's."""
    if image.shape[:2] != result.img_shape:
        raise ValueError(
            f'{result.img_path}: the result belongs to an image of (height, '
            f'width) {result.img_shape}, got {image.shape[:2]}; pass the full '
            'image, upright'
        )
