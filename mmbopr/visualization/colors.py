"""Palettes. Colours are RGB, 0-255."""

import colorsys
from typing import Iterable

import numpy as np

from mmbopr.structures import NUM_PARTS

# Prediction, and ground truth beside it.
PREDICTION = (126, 178, 238)
GROUND_TRUTH = (246, 190, 106)
_PEOPLE = (
    PREDICTION,
    (245, 158, 134),
    (144, 206, 152),
    (206, 168, 230),
    (240, 208, 120),
    (128, 208, 212),
)
# A person's own left and right in skeletons, as MMPose has them.
LEFT = (0, 255, 0)
RIGHT = (255, 128, 0)
MIDDLE = (51, 153, 255)
# (saturation, value) of three rounds through the hues.
_ROUNDS = ((0.82, 1.0), (0.95, 0.62), (0.38, 1.0))


def person_colors(count: int) -> np.ndarray:
    """Soft colours, one a person, repeating after six.

    Args:
        count: P.

    Returns:
        np.ndarray: (P, 3) float32.
    """
    return track_colors(range(count))


def track_colors(track_ids: Iterable[int]) -> np.ndarray:
    """The colours of people by who they are, the same in every frame.

    Args:
        track_ids: (P,) whole numbers; their colours repeat after six.

    Returns:
        np.ndarray: (P, 3) float32.
    """
    rows = [_PEOPLE[i % len(_PEOPLE)] for i in track_ids]
    return np.array(rows, np.float32).reshape(-1, 3)


def part_colors() -> np.ndarray:
    """One colour for each body part, neighbours far apart.

    Returns:
        np.ndarray: (24, 3) float32, in the order of ``PART_NAMES``.
    """
    hues = NUM_PARTS // len(_ROUNDS)
    rows = []
    for part in range(NUM_PARTS):
        turn, hue = part % len(_ROUNDS), part // len(_ROUNDS)
        # Rounds are shifted, so that no two share a hue.
        hue = (hue + turn / len(_ROUNDS)) / hues
        rows.append(colorsys.hsv_to_rgb(hue, *_ROUNDS[turn]))
    return np.array(rows, np.float32) * 255
