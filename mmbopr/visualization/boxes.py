"""The boxes that people were found in, and who they are."""

import cv2
import numpy as np

from mmbopr.structures import MeshResult

from .colors import track_colors
from .posed_people import person_ids, person_names
from .skeleton import line_width

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_INK = (20, 24, 32)


def draw_boxes(image: np.ndarray, result: MeshResult) -> np.ndarray:
    """Draw everybody's box with its name and how sure the detector was.

    Args:
        image: (H, W, 3) uint8 RGB, upright.
        result: Of this image.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB. A person is called ``#7`` by its
        track id, or ``No. 0`` by its place in the result without tracking,
        and framed in the colour of its mesh; nearer people lie on top.
    """
    image = image.copy()
    names = person_names(result)
    colors = track_colors(person_ids(result)).astype(int).tolist()
    boxes = np.rint(result.bbox).astype(int).tolist()
    for person in np.argsort(-result.cam_t_full[:, 2]):
        left, top, right, bottom = boxes[person]
        corner, opposite = (left, top), (right - 1, bottom - 1)
        color = colors[person]
        cv2.rectangle(image, corner, opposite, color, line_width(image))
        text = f'{names[person]}  {result.bbox_score[person]:.2f}'
        _draw_label(image, text, corner, color)
    return image


def _draw_label(image, text, corner, color) -> None:
    """Above the corner where there is room, else inside; always readable."""
    height, width = image.shape[:2]
    scale = max(0.35, max(height, width) / 2400)
    thickness = max(1, round(1.6 * scale))
    (text_width, text_height), _ = cv2.getTextSize(
        text, _FONT, scale, thickness
    )
    pad = max(2, text_height // 3)
    box_height = text_height + 2 * pad
    left = max(0, min(corner[0], width - text_width - 2 * pad))
    top = corner[1] - box_height
    top = max(0, min(top if top >= 0 else corner[1], height - box_height))
    opposite = left + text_width + 2 * pad, top + box_height
    cv2.rectangle(image, (left, top), opposite, color, cv2.FILLED)
    origin = left + pad, top + pad + text_height
    cv2.putText(
        image, text, origin, _FONT, scale, _INK, thickness, cv2.LINE_AA
    )
