"""Part segmentation: the ground-truth mesh seen by the crop's camera."""

from typing import Tuple

from torch import Tensor

from mmbopr.utils.camera import crop_intrinsics, fit_translation
from mmbopr.utils.rasterize import rasterize

# A body that covers less than this share of the map teaches nothing.
_MIN_COVERAGE = 0.01


def part_map(
    vertices: Tensor, faces: Tensor, face_parts: Tensor, map_size: int
) -> Tensor:
    """Rasterise part labels.

    Parts hidden by the person are absent; other people and objects hide
    nothing (amodal).

    Args:
        vertices: (N, V, 3) in the crop's virtual camera, metres.
        faces: (F, 3) long.
        face_parts: (F,) part of each face, 0..23.
        map_size: H = W of the map.

    Returns:
        Tensor: (N, H, W) long, 0 background, k + 1 part k.
    """
    K = crop_intrinsics(len(vertices), map_size, vertices.device)
    face = rasterize(vertices, faces, K, (map_size, map_size)).face_index
    return (face_parts[face.clamp_min(0)] + 1) * (face >= 0)


def fit_to_crop(
    joints: Tensor, keypoints: Tensor, map_size: int
) -> Tuple[Tensor, Tensor]:
    """Place a body in the crop's virtual camera.

    Args:
        joints: (N, J, 3) body joints, camera axes, metres.
        keypoints: (N, J, 3) normalised crop coordinates and confidence.
        map_size: Side of the map in pixels.

    Returns:
        tuple[Tensor, Tensor]: translation (N, 3) in metres, and (N,) bool,
        whether the fit succeeded.
    """
    K = crop_intrinsics(len(joints), map_size, joints.device)
    pixels = (keypoints[..., :2] + 1) * (map_size / 2)
    return fit_translation(joints, pixels, keypoints[..., 2], K)


def covers_enough(labels: Tensor) -> Tensor:
    """(N,) bool: whether a map (N, H, W) shows at least 1 % body."""
    return (labels > 0).float().mean((1, 2)) >= _MIN_COVERAGE
