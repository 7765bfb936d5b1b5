"""Cameras: projection, the crop's weak-perspective camera, translation fits.

Camera frame: x right, y down, z forward, metres.  Pixel centres lie at +0.5.
Intrinsics ``K`` are rows (fx, fy, cx, cy), in pixels or for the normalised
coordinates of a crop, which run from -1 to 1 across its width and height.
"""

from typing import Tuple

import torch
from torch import Tensor

# SPIN's and PARE's convention for a 224 px crop; other crop sizes scale it,
# so that the field of view stays the same.
FOCAL_LENGTH = 5000.0
REFERENCE_SIZE = 224


def virtual_intrinsics(size: Tensor) -> Tensor:
    """The virtual camera of a crop, centred on it.

    Args:
        size: (N, 2) width and height of the crop, any unit.

    Returns:
        Tensor: (N, 4) intrinsics in normalised crop coordinates; the focal
        length is 5000 px for a longer side of 224 px.
    """
    longer = size.amax(-1, keepdim=True)
    focal = 2 * FOCAL_LENGTH / REFERENCE_SIZE * longer / size
    return torch.cat([focal, torch.zeros_like(focal)], -1)


def crop_intrinsics(K: Tensor, bbox: Tensor) -> Tensor:
    """The full image's camera, seen through a crop.

    Args:
        K: (N, 4) intrinsics in pixels.
        bbox: (N, 4) centre x, y, width and height of the crop in pixels.

    Returns:
        Tensor: (N, 4) intrinsics in normalised crop coordinates; the
        principal point lies off the centre wherever the crop does.
    """
    half = bbox[:, 2:] / 2
    return torch.cat([K[:, :2] / half, (K[:, 2:] - bbox[:, :2]) / half], -1)


def to_pixels(K: Tensor, size: Tuple[int, int]) -> Tensor:
    """Intrinsics of normalised coordinates as those of a (w, h) picture."""
    half = K.new_tensor(size) / 2
    return torch.cat([K[:, :2] * half, (K[:, 2:] + 1) * half], -1)


def crop_camera_to_translation(cam: Tensor) -> Tensor:
    """Body translation that a crop camera stands for (SPIN, PARE).

    Args:
        cam: (N, 3) as (s, tx, ty); tx, ty in metres, s such that a metre
            spans ``s`` half crops, along the longer side.

    Returns:
        Tensor: (N, 3) translation in metres in the crop's virtual camera,
        tz = 2 f / (size s).
    """
    scale, tx, ty = cam.unbind(-1)
    depth = 2 * FOCAL_LENGTH / (REFERENCE_SIZE * scale + 1e-9)
    return torch.stack([tx, ty, depth], -1)


def perspective_project(points: Tensor, K: Tensor) -> Tensor:
    """Project points by a pinhole camera.

    Args:
        points: (N, P, 3) in the camera frame, metres.
        K: (N, 4) intrinsics.

    Returns:
        Tensor: (N, P, 2) in the unit of ``K``.
    """
    focal, centre = K[:, None, :2], K[:, None, 2:]
    return points[..., :2] / points[..., 2:] * focal + centre


def fit_translation(
    joints: Tensor, keypoints: Tensor, confidence: Tensor, K: Tensor
) -> Tuple[Tensor, Tensor]:
    """Weighted least-squares translation under a pinhole camera.

    Solves f (X + t)_xy - (x - c) (X + t)_z = 0 for t, one 3x3 system per
    sample (SPIN's ``estimate_translation``).

    Args:
        joints: (N, J, 3) body joints, camera axes, metres.
        keypoints: (N, J, 2) where they are seen, in the unit of ``K``.
        confidence: (N, J) weights >= 0; 0 leaves a joint out.
        K: (N, 4) intrinsics.

    Returns:
        tuple[Tensor, Tensor]: translation (N, 3) in metres, zero where it
        could not be found; and (N,) bool, whether it could (at least two
        joints with weight, and a body in front of the camera).
    """
    # Double precision: the normal equations square a condition of f / size.
    joints, confidence = joints.double(), confidence.double()
    focal, centre = K[:, None, :2].double(), K[:, None, 2:].double()
    rays = (keypoints.double() - centre) / focal
    weight = confidence / confidence.sum(1, keepdim=True).clamp_min(1e-12)
    # Rows (1, 0, -u) and (0, 1, -v) of A in A t = b, b = u Z - X.
    b = rays * joints[..., 2:] - joints[..., :2]
    w, wr = weight.sum(1), (weight[..., None] * rays).sum(1)
    wrr = (weight[..., None] * rays**2).sum((1, 2))
    wb = (weight[..., None] * b).sum(1)
    wrb = (weight[..., None] * rays * b).sum((1, 2))
    # Eliminate tx, ty = (wb + wr tz) / w, then solve for tz.
    valid = ((confidence > 0).sum(1) >= 2) & (w > 0)
    w = torch.where(valid, w, torch.ones_like(w))
    spread = wrr - (wr * wr).sum(-1) / w
    valid &= spread > 1e-12
    spread = torch.where(valid, spread, torch.ones_like(spread))
    depth = ((wr * wb).sum(-1) / w - wrb) / spread
    xy = (wb + wr * depth[:, None]) / w[:, None]
    translation = torch.cat([xy, depth[:, None]], -1)
    nearest = joints[..., 2].amin(1) + depth
    valid &= (nearest > 0.1) & torch.isfinite(translation).all(-1)
    translation = torch.where(valid[:, None], translation, 0.0)
    return translation.to(K.dtype), valid


def default_intrinsics(image_size: Tensor) -> Tensor:
    """What to take for an unknown camera (CLIFF, section 3.2).

    Args:
        image_size: (N, 2) width, height in pixels.

    Returns:
        Tensor: (N, 4) intrinsics in pixels: the diagonal as focal length, the
        image's centre as principal point.
    """
    focal = image_size.norm(dim=-1, keepdim=True).expand(-1, 2)
    return torch.cat([focal, image_size / 2], -1)


def full_image_translation(cam: Tensor, bbox: Tensor, K: Tensor) -> Tensor:
    """Move crop cameras to the full image (CLIFF, section 3.2).

    Args:
        cam: (N, 3) crop cameras (s, tx, ty).
        bbox: (N, 4) centre x, y, width and height of the crop in pixels.
        K: (N, 4) intrinsics of the full image in pixels.

    Returns:
        Tensor: (N, 3) translation in metres in the full image's camera.
    """
    # At the body's depth one metre spans s half crops, horizontally; with
    # fx != fy it spans fy / fx times as many pixels vertically.
    pixels_per_metre = cam[:, :1] * bbox[:, 2:].amax(-1, keepdim=True) / 2
    aspect = K[:, 1:2] / K[:, :1]
    offset = (bbox[:, :2] - K[:, 2:]) / pixels_per_metre
    offset = torch.cat([offset[:, :1], offset[:, 1:] / aspect], -1)
    depth = K[:, :1] / pixels_per_metre
    return torch.cat([cam[:, 1:] + offset, depth], -1)
