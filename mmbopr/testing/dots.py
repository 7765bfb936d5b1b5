"""Pictures of dots: where a transform really put a point."""

from typing import Tuple

import numpy as np


def draw_dots(
    points: np.ndarray,
    colours: np.ndarray,
    image_size: Tuple[int, int],
    sigma: float,
) -> np.ndarray:
    """Draw Gaussian dots on black.

    Args:
        points: (P, 2) centres in pixels, pixel centres at +0.5.
        colours: (P, 3) peak values, 0-255.
        image_size: (w, h).
        sigma: Their radius in pixels.

    Returns:
        np.ndarray: (h, w, 3) uint8.
    """
    width, height = image_size
    columns, rows = np.arange(width) + 0.5, np.arange(height) + 0.5
    # A Gaussian is the product of one along x and one along y.
    along_x = np.exp(-(((columns - points[:, :1]) / sigma) ** 2) / 2)
    along_y = np.exp(-(((rows - points[:, 1:]) / sigma) ** 2) / 2)
    img = np.einsum('pr,pc,pk->rck', along_y, along_x, colours)
    return np.rint(img).clip(0, 255).astype(np.uint8)


def find_dot(
    img: np.ndarray, near: np.ndarray, radius: float
) -> Tuple[np.ndarray, np.ndarray]:
    """Centroid of the brightness around a place.

    Args:
        img: (h, w, 3) picture that :func:`draw_dots` may have made.
        near: (2,) where to look, pixels.
        radius: Half the side of the window, pixels.

    Returns:
        tuple[np.ndarray, np.ndarray]: (2,) centroid in pixels, and (3,) the
        dot's colour, scaled to a maximum of 1.
    """
    low = np.floor(near - radius).astype(int).clip(0)
    high = np.ceil(near + radius).astype(int)
    window = img[low[1] : high[1], low[0] : high[0]].astype(float)
    rows, columns = np.mgrid[: window.shape[0], : window.shape[1]] + 0.5
    weight = window.sum(-1)
    centroid = np.array([(columns * weight).sum(), (rows * weight).sum()])
    colour = window.sum((0, 1))
    return low + centroid / weight.sum(), colour / colour.max()
