"""Attention maps drawn over the image they belong to.

The image turns grey, so that every colour is attention.
"""

import cv2
import numpy as np

from mmbopr.structures import NUM_PARTS

from .colors import part_colors


def draw_heatmap(
    image: np.ndarray, heatmap: np.ndarray, alpha: float = 0.85
) -> np.ndarray:
    """Blend one map over an image, the stronger the more opaque.

    Args:
        image: (H, W, 3) uint8 RGB.
        heatmap: (h, w), not negative, covers the image; scaled to its
            maximum.
        alpha: Opacity at the maximum.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB.
    """
    strength = _resize(_unit(np.asarray(heatmap, np.float32)), image)
    level = np.rint(strength * 255).astype(np.uint8)
    color = cv2.applyColorMap(level, cv2.COLORMAP_INFERNO)[..., ::-1]
    opacity = alpha * strength[..., None]
    return _blend(image, color * opacity, opacity)


def draw_part_attention(
    image: np.ndarray, maps: np.ndarray, alpha: float = 0.85
) -> np.ndarray:
    """Blend the maps of all parts over an image, each in its own colour.

    Every map is scaled to its own maximum; where several are strong, their
    colours mix.

    Args:
        image: (H, W, 3) uint8 RGB.
        maps: (24, h, w), not negative, each covers the image.
        alpha: Opacity at a maximum.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB.

    Raises:
        ValueError: If there are not 24 maps.
    """
    maps = np.asarray(maps, np.float32)
    if maps.ndim != 3 or len(maps) != NUM_PARTS:
        raise ValueError(
            f'maps must be ({NUM_PARTS}, h, w), one map a part without the '
            f'background, got {maps.shape}'
        )
    maps = np.stack([_unit(x) for x in maps])
    # Squares: a part's own pixels outweigh the tails of the others.
    weight = maps**2 / np.maximum((maps**2).sum(0), 1e-12)
    color = np.einsum('khw,kc->hwc', weight, part_colors())
    opacity = alpha * maps.max(0)[..., None]
    layer = np.concatenate([color * opacity, opacity], -1)
    layer = _resize(layer, image)
    return _blend(image, layer[..., :3], layer[..., 3:])


def _unit(heatmap):
    return heatmap / max(float(heatmap.max()), 1e-12)


def _resize(layer, image):
    size = image.shape[1], image.shape[0]
    return cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR)


def _blend(image, premultiplied, opacity):
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None]
    blended = grey * (1 - opacity) + premultiplied
    return np.rint(blended).clip(0, 255).astype(np.uint8)
