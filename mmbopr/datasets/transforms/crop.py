"""Crops as one affine warp; pixel centres lie at +0.5."""

from typing import Tuple

import cv2
import numpy as np


def crop_matrix(
    center: np.ndarray,
    scale: np.ndarray,
    rotation: float,
    flip: bool,
    input_size: Tuple[int, int],
) -> np.ndarray:
    """Affine map from the image to the crop.

    The mirror comes first, then the box is turned, as in MMPose.  The whole
    box is shown and its centre lands in the middle; the aspect ratio of the
    picture is kept.

    Args:
        center: (2,) box centre in the unmirrored image, pixels.
        scale: (2,) width and height of the box, pixels.
        rotation: Turn of the box, degrees; from x (right) to y (down), hence
            clockwise on screen.  What is seen turns the other way.
        flip: Whether to mirror left and right.
        input_size: (w, h) of the crop, pixels.

    Returns:
        np.ndarray: (2, 3) float64; ``crop = M[:, :2] @ image + M[:, 2]``.
        Its linear part is a zoom times an orthogonal matrix.
    """
    size = np.asarray(input_size, np.float64)
    cos, sin = np.cos(np.deg2rad(rotation)), np.sin(np.deg2rad(rotation))
    linear = np.array([[cos, sin], [-sin, cos]]) * (size / scale).min()
    if flip:
        linear[:, 0] *= -1
    return np.column_stack([linear, size / 2 - linear @ center])


def zoom_of(matrix: np.ndarray) -> float:
    """Crop pixels per image pixel of a (2, 3) crop matrix."""
    return np.sqrt(abs(np.linalg.det(matrix[:, :2])))


def warp_points(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Apply a (2, 3) matrix to (..., 2) points."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def warp_crop(
    img: np.ndarray, matrix: np.ndarray, input_size: Tuple[int, int]
) -> np.ndarray:
    """Cut a crop out of an image by one bilinear warp.

    Where the crop shrinks the image by two or more, the region it needs is
    first averaged over blocks of whole pixels, against aliasing.  A mirror
    is part of the warp: warping a mirrored view of the image is many times
    slower, as OpenCV has to copy it.

    Args:
        img: (H, W, 3) uint8.
        matrix: (2, 3) from :func:`crop_matrix`.
        input_size: (w, h) of the crop, pixels.

    Returns:
        np.ndarray: (h, w, 3) uint8; black outside the image.
    """
    block = int(1 / zoom_of(matrix) + 1e-6)
    if block > 1:
        img, matrix = _shrink_region(img, matrix, input_size, block)
    # OpenCV counts from the centre of the first pixel.
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2].sum(1) * 0.5 - 0.5
    return cv2.warpAffine(img, matrix, input_size, flags=cv2.INTER_LINEAR)


def _shrink_region(
    img: np.ndarray,
    matrix: np.ndarray,
    input_size: Tuple[int, int],
    block: int,
) -> Tuple[np.ndarray, np.ndarray]:
    """Average ``block`` x ``block`` pixels of the region that a crop shows.

    Returns:
        tuple[np.ndarray, np.ndarray]: The small picture and the (2, 3)
        matrix from it to the crop.
    """
    width, height = input_size
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]])
    inverse = cv2.invertAffineTransform(matrix)
    corners = warp_points(corners, inverse)
    limit = np.array(img.shape[1::-1])
    # Two more blocks, for the neighbours that interpolation looks at.
    low = np.floor(corners.min(0)).astype(int) - 2 * block
    low = low.clip(0, limit - 1)
    high = np.ceil(corners.max(0)).astype(int) + 2 * block
    high = high.clip(low + 1, limit)
    region = img[low[1] : high[1], low[0] : high[0]]
    # Whole blocks only: else the averages would not lie on an even grid.
    right, bottom = -(high - low) % block
    if right or bottom:
        region = cv2.copyMakeBorder(
            region, 0, bottom, 0, right, cv2.BORDER_CONSTANT
        )
    size = (region.shape[1] // block, region.shape[0] // block)
    small = cv2.resize(region, size, interpolation=cv2.INTER_AREA)
    offset = warp_points(low.astype(np.float64), matrix)
    return small, np.column_stack([matrix[:, :2] * block, offset])
