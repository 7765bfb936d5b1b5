"""COCO's 17 key points and the limbs between them."""

from typing import Tuple

import cv2
import numpy as np

from mmbopr.structures import COCO_17, COCO_17_FROM_SMPL_45, MeshResult

from .colors import LEFT, MIDDLE, RIGHT

_SIDED_LIMBS = (
    ('eye', 'ear'),
    ('shoulder', 'elbow'),
    ('elbow', 'wrist'),
    ('shoulder', 'hip'),
    ('hip', 'knee'),
    ('knee', 'ankle'),
)
_NAMED_LIMBS = (
    *(
        (f'{side}_{start}', f'{side}_{end}')
        for side in ('left', 'right')
        for start, end in _SIDED_LIMBS
    ),
    ('nose', 'left_eye'),
    ('nose', 'right_eye'),
    ('left_shoulder', 'right_shoulder'),
    ('left_hip', 'right_hip'),
)
_NEAR = 0.05  # metres; nearer joints are not drawn
_SUBPIXEL_BITS = 4


def draw_skeleton(image: np.ndarray, result: MeshResult) -> np.ndarray:
    """Draw everybody's COCO-17 key points, nearer people in front.

    The person's left is green, its right is orange, as in MMPose.

    Args:
        image: (H, W, 3) uint8 RGB, upright.
        result: Of this image.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB. Joints behind the camera are left
        out.
    """
    image = image.copy()
    coco = list(COCO_17_FROM_SMPL_45)
    points = result.keypoints_2d[:, coco]
    depth = result.joints[:, coco, 2] + result.cam_t_full[:, None, 2]
    width = line_width(image)
    for person in np.argsort(-result.cam_t_full[:, 2]):
        _draw_person(image, points[person], depth[person] > _NEAR, width)
    return image


def line_width(image: np.ndarray) -> int:
    """Pixels that suit the size of an image."""
    return max(1, round(max(image.shape[:2]) / 400))


def _draw_person(image, points, in_front, width) -> None:
    style = dict(lineType=cv2.LINE_AA, shift=_SUBPIXEL_BITS)
    for limb in _NAMED_LIMBS:
        start, end = (COCO_17.names.index(name) for name in limb)
        if in_front[start] and in_front[end]:
            ends = _fixed_point(points[start]), _fixed_point(points[end])
            cv2.line(image, *ends, _color(*limb), width, **style)
    radius = round(1.2 * width * 2**_SUBPIXEL_BITS)
    for name, point, seen in zip(COCO_17.names, points, in_front, strict=True):
        if seen:
            center = _fixed_point(point)
            cv2.circle(image, center, radius, _color(name), -1, **style)


def _fixed_point(point: np.ndarray) -> Tuple[int, int]:
    # OpenCV counts from the middle of the first pixel.
    x, y = np.rint((point - 0.5) * 2**_SUBPIXEL_BITS)
    return int(x), int(y)


def _color(*names: str) -> Tuple[int, int, int]:
    """The side that all names agree on."""
    for prefix, color in (('left_', LEFT), ('right_', RIGHT)):
        sided = [name for name in names if name != 'nose']
        if sided and all(name.startswith(prefix) for name in sided):
            return color
    return MIDDLE
