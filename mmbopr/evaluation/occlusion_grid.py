"""A square that slides over a crop."""

import math
from dataclasses import dataclass
from typing import Tuple

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class OcclusionGrid:
    """The positions of the square: R rows of C.

    Attributes:
        patch: Side of the square in pixels of the crop.
        tops: (R,) its upper edges in pixels.
        lefts: (C,) its left edges in pixels.
    """

    patch: int
    tops: np.ndarray
    lefts: np.ndarray

    @classmethod
    def cover(
        cls, size: Tuple[int, int], patch: int, stride: int
    ) -> 'OcclusionGrid':
        """Evenly from border to border, at most ``stride`` pixels apart.

        Args:
            size: (H, W) of the crop in pixels.
            patch: Side of the square.
            stride: Largest step.

        Raises:
            ValueError: If the square does not fit, or the step is not
                positive.
        """
        if not (1 <= patch <= min(size) and stride >= 1):
            raise ValueError(
                f'crops of {size[1]}x{size[0]} px need a patch of 1 to '
                f'{min(size)} px and a stride of at least 1 px, found '
                f'{patch} and {stride}'
            )
        spaces = [side - patch for side in size]
        edges = [
            np.linspace(0, space, math.ceil(space / stride) + 1)
            for space in spaces
        ]
        return cls(patch, *(np.rint(x).astype(int) for x in edges))

    @property
    def shape(self) -> Tuple[int, int]:
        """(R, C)."""
        return len(self.tops), len(self.lefts)

    def corners(self) -> Tensor:
        """(R * C, 2) upper left corners as (top, left), row by row."""
        return torch.cartesian_prod(
            torch.from_numpy(self.tops), torch.from_numpy(self.lefts)
        )


def occlude(crop: Tensor, corners: Tensor, patch: int) -> Tensor:
    """Copies of a crop, each with one square of the mean colour.

    Args:
        crop: (3, H, W), normalised: zero is the mean colour.
        corners: (B, 2) top and left of the squares in pixels; what lies
            outside of the crop hides nothing.
        patch: Side of the squares in pixels.

    Returns:
        Tensor: (B, 3, H, W).
    """
    corners = corners.to(crop.device)
    inside = []
    for side, start in zip(crop.shape[1:], corners.T, strict=True):
        offset = torch.arange(side, device=crop.device) - start[:, None]
        inside.append((offset >= 0) & (offset < patch))
    hidden = inside[0][:, None, :, None] & inside[1][:, None, None]
    return torch.where(hidden, 0.0, crop)
