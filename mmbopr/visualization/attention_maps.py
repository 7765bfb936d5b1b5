"""Attention of the people of one image, drawn over all of it."""

from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from mmpose.structures import PoseDataSample
from torch import Tensor

from .heatmaps import draw_heatmap, draw_part_attention

# Longer side of the maps over the image; they are smooth.
_SIZE = 480


class AttentionMaps(NamedTuple):
    """What the network looked at.

    Note: P: people; maps are not negative and cover their crop.

    Attributes:
        crop: (P, 4) centre x, y, width and height of the crops in pixels.
        part: (P, 24, h, w), or None.
        body: (P, 1, h, w), or None.
    """

    crop: Tensor
    part: Optional[Tensor] = None
    body: Optional[Tensor] = None


def gather_attention(samples: Sequence[PoseDataSample]) -> AttentionMaps:
    """Gather what the estimator gave with ``output_attention``.

    Args:
        samples: One person each, at least one, with ``part_attention`` or
            ``body_attention`` in ``pred_fields``.

    Returns:
        AttentionMaps: Of all of them, on the CPU.
    """
    crop = [np.r_[s.bbox_center, s.bbox_scale] for s in samples]

    def stacked(name):
        if not all(name in s.get('pred_fields', {}) for s in samples):
            return None
        return torch.stack([s.pred_fields.get(name).cpu() for s in samples])

    return AttentionMaps(
        torch.from_numpy(np.stack(crop)).float(),
        stacked('part_attention'),
        stacked('body_attention'),
    )


def draw_all_part_attention(
    image: np.ndarray, attention: AttentionMaps
) -> np.ndarray:
    """Draw everybody's part attention, see :func:`draw_part_attention`.

    Args:
        image: (H, W, 3) uint8 RGB, the full image.
        attention: With ``part``.
    """
    maps = _over_image(attention.part, attention.crop, image.shape[:2])
    return draw_part_attention(image, maps)


def draw_all_body_attention(
    image: np.ndarray, attention: AttentionMaps
) -> np.ndarray:
    """Draw everybody's body attention, see :func:`draw_heatmap`.

    Args:
        image: (H, W, 3) uint8 RGB, the full image.
        attention: With ``body``.
    """
    maps = _over_image(attention.body, attention.crop, image.shape[:2])
    return draw_heatmap(image, maps[0])


def _over_image(
    maps: Tensor, crop: Tensor, img_shape: Tuple[int, int]
) -> np.ndarray:
    """Maps (P, C, h, w) of crops as (C, H', W') over the image.

    Each is scaled to its maximum; where crops overlap, the stronger counts.
    """
    height, width = img_shape
    zoom = min(1.0, _SIZE / max(height, width))
    rows, columns = max(1, round(height * zoom)), max(1, round(width * zoom))
    x = (torch.arange(columns) + 0.5) * width / columns
    y = (torch.arange(rows) + 0.5) * height / rows
    # -1 to 1 across each crop: what grid_sample wants, edge to edge.
    x = (x - crop[:, :1]) / (crop[:, 2:3] / 2)
    y = (y - crop[:, 1:2]) / (crop[:, 3:4] / 2)
    shape = len(crop), rows, columns
    grid = torch.stack(
        [x[:, None].expand(shape), y[:, :, None].expand(shape)], -1
    )
    peak = maps.amax((2, 3), keepdim=True).clamp_min(1e-12)
    placed = F.grid_sample(maps / peak, grid, align_corners=False)
    return placed.amax(0).numpy()
