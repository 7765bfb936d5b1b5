"""Pictures of stick figures."""

from typing import Tuple

import cv2
import numpy as np

from mmbopr.structures import SMPL_PARENTS


def smooth_background(
    rng: np.random.Generator, image_size: Tuple[int, int]
) -> np.ndarray:
    """Soft random colours, (h, w, 3) uint8, for an ``image_size`` (w, h)."""
    noise = rng.integers(0, 256, (4, 5, 3), np.uint8)
    return cv2.resize(noise, image_size, interpolation=cv2.INTER_CUBIC)


def draw_figure(
    rng: np.random.Generator, img: np.ndarray, skeleton: np.ndarray
) -> None:
    """Draw a stick figure over a picture.

    Args:
        rng: Of the colours.
        img: (h, w, 3) uint8, drawn on.
        skeleton: (24, 2) SMPL joints in pixels.
    """
    thickness = max(1, len(img) // 40)
    for joint, parent in enumerate(SMPL_PARENTS[1:], 1):
        ends = np.rint(skeleton[[joint, parent]]).astype(int).tolist()
        colour = rng.integers(0, 256, 3).tolist()
        cv2.line(img, *ends, colour, thickness, cv2.LINE_AA)
