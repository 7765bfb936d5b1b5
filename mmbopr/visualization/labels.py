"""Annotations drawn over the picture that they are about."""

import cv2
import numpy as np
import torch
from torch import Tensor

from mmbopr.structures import J24, NUM_PARTS, SPIN_49

from .heatmaps import draw_part_attention

_LEFT, _RIGHT, _MIDDLE = (255, 110, 70), (60, 170, 255), (250, 220, 80)
_FAINT = 0.25  # opacity of a key point with hardly any confidence
_NEUTRAL = np.float32([226, 226, 226])
_BEHIND, _BEFORE = np.float32([40, 90, 215]), np.float32([215, 55, 40])
_NUM_OPENPOSE = len(SPIN_49) - len(J24)
# Limbs of J24, by the names of their ends.
_LIMBS = (
    ('ankle', 'knee'),
    ('knee', 'hip_lsp'),
    ('wrist', 'elbow'),
    ('elbow', 'shoulder'),
)


def _side_color(*names: str) -> tuple:
    """Of a joint, or of what connects two."""
    for side, color in (('left_', _LEFT), ('right_', _RIGHT)):
        if all(side in name for name in names):
            return color
    return _MIDDLE


def _bones() -> list:
    """Places of both ends in SPIN-49 and colour of each bone."""
    pairs = [
        (f'{side}_{first}', f'{side}_{second}')
        for side in ('left', 'right')
        for first, second in _LIMBS
    ]
    pairs += [
        ('left_shoulder', 'right_shoulder'),
        ('left_hip_lsp', 'right_hip_lsp'),
        ('neck_lsp', 'head_top_lsp'),
    ]
    return [
        (
            [_NUM_OPENPOSE + J24.names.index(name) for name in pair],
            _side_color(*pair),
        )
        for pair in pairs
    ]


def draw_keypoints(image: np.ndarray, keypoints: np.ndarray) -> np.ndarray:
    """Draw SPIN-49: rings for its OpenPose half, dots for its J24 half.

    The subject's left is red, the right blue, the middle yellow.  The less
    confident, the fainter; absent key points are not drawn.

    Args:
        image: (H, W, 3) uint8 RGB.
        keypoints: (49, 3) pixels and confidence.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB, a new image.
    """
    image, size = image.copy(), max(image.shape[:2])
    radius = max(2, round(size / 90))
    for ends, color in _bones():
        ends = keypoints[ends]
        _blend_shape(image, ends[:, 2].min(), 'line', ends, color, radius)
    for place, name in enumerate(SPIN_49.names):
        shape = 'ring' if place < _NUM_OPENPOSE else 'dot'
        point = keypoints[place]
        _blend_shape(
            image, point[2], shape, point[None], _side_color(name), radius
        )
    return image


def _blend_shape(image, confidence, shape, points, color, radius) -> None:
    """Draw one shape into the image, as opaque as it is sure."""
    if not confidence > 0 or not np.isfinite(points).all():
        return
    layer = image.copy()
    # OpenCV counts from the middle of the first pixel, in 16ths.
    centres = np.rint((points[:, :2] - 0.5) * 16).astype(int).tolist()
    if shape == 'line':
        cv2.line(layer, *centres, color, max(1, radius // 2), cv2.LINE_AA, 4)
    else:
        reach, width = (radius, -1) if shape == 'dot' else (radius + 2, 1)
        cv2.circle(layer, centres[0], 16 * reach, color, width, cv2.LINE_AA, 4)
    alpha = _FAINT + (1 - _FAINT) * min(float(confidence), 1.0)
    np.copyto(image, cv2.addWeighted(layer, alpha, image, 1 - alpha, 0))


def draw_part_map(image: np.ndarray, part_map: np.ndarray) -> np.ndarray:
    """Draw labels in the colours of the parts, pixel by pixel.

    Args:
        image: (H, W, 3) uint8 RGB.
        part_map: (h, w) int, 0 background, k + 1 part k; covers the image.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB.
    """
    height, width = image.shape[:2]
    labels = cv2.resize(
        np.asarray(part_map, np.uint8),
        (width, height),
        interpolation=cv2.INTER_NEAREST,
    )
    parts = np.arange(1, NUM_PARTS + 1)[:, None, None]
    return draw_part_attention(image, labels == parts)


def depth_colors(depth: Tensor, part_labels: Tensor) -> Tensor:
    """Colours of a body by the signed distances of its parts to a plane.

    Args:
        depth: (24,) metres.
        part_labels: (V,) part of each vertex.

    Returns:
        Tensor: (V, 3), 0-255: grey on the plane, red on its positive and
        blue on its negative side, strongest at the largest distance.
    """
    strength = (depth / depth.abs().amax().clamp_min(1e-6)).cpu().numpy()
    strength = strength[:, None]
    ends = np.where(strength > 0, _BEFORE, _BEHIND)
    colors = _NEUTRAL + np.abs(strength) * (ends - _NEUTRAL)
    return torch.from_numpy(colors.astype(np.float32))[part_labels.cpu()]
