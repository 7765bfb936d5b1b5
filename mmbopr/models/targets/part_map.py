"""Part segmentation: the ground-truth mesh seen through the crop."""

from typing import Tuple

from torch import Tensor

from mmbopr.utils.camera import to_pixels
from mmbopr.utils.rasterize import rasterize

# A body that covers less than this share of the map teaches nothing.
_MIN_COVERAGE = 0.01


def part_map(
    vertices: Tensor,
    faces: Tensor,
    face_parts: Tensor,
    K: Tensor,
    map_size: Tuple[int, int],
) -> Tensor:
    """Rasterise part labels.

    Parts hidden by the person are absent; other people and objects hide
    nothing (amodal).

    Args:
        vertices: (N, V, 3) in the camera frame, metres.
        faces: (F, 3) long.
        face_parts: (F,) part of each face, 0..23.
        K: (N, 4) intrinsics in normalised crop coordinates.
        map_size: (W, H) of the map.

    Returns:
        Tensor: (N, H, W) long, 0 background, k + 1 part k.
    """
    width, height = map_size
    K = to_pixels(K, map_size)
    face = rasterize(vertices, faces, K, (height, width)).face_index
    return (face_parts[face.clamp_min(0)] + 1) * (face >= 0)


def covers_enough(labels: Tensor) -> Tensor:
    """(N,) bool: whether a map (N, H, W) shows at least 1 % body."""
    return (labels > 0).float().mean((1, 2)) >= _MIN_COVERAGE
