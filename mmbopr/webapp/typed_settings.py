"""Numbers that people type into fields of the page."""

import re
from typing import List, Optional, Tuple

_SEPARATORS = re.compile(r'[\s,;]+')


def parse_boxes(text: str) -> List[List[float]]:
    """Boxes, one a line.

    Args:
        text: Lines of left, top, right, bottom in pixels, with spaces or
            commas between them; empty lines are nothing.

    Returns:
        list: (P, 4).

    Raises:
        ValueError: If a line is something else.
    """
    boxes = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        box = _numbers(line)
        if len(box) != 4:
            raise ValueError(
                f'Boxes, line {number}: expected four numbers in pixels, '
                f'left, top, right, bottom, found "{line.strip()}"'
            )
        boxes.append(box)
    return boxes


def parse_camera(
    text: str, img_shape: Tuple[int, int]
) -> Optional[List[float]]:
    """A camera from its focal length, or from all of it.

    Args:
        text: Focal length in pixels, with the principal point in the middle
            of the photo; or fx, fy, cx, cy in pixels; or nothing.
        img_shape: Height and width of the photo.

    Returns:
        list: fx, fy, cx, cy; None for nothing.

    Raises:
        ValueError: If it is something else.
    """
    if not text.strip():
        return None
    numbers = _numbers(text)
    if len(numbers) == 1:
        height, width = img_shape
        return [*numbers * 2, width / 2, height / 2]
    if len(numbers) != 4:
        raise ValueError(
            'Camera: expected the focal length in pixels, or fx, fy, cx, cy, '
            f'found "{text.strip()}"'
        )
    return numbers


def _numbers(text: str) -> List[float]:
    """Those in a text; nothing if there is anything else."""
    words = [word for word in _SEPARATORS.split(text) if word]
    try:
        return [float(word) for word in words]
    except ValueError:
        return []
