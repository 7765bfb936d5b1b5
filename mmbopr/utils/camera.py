"""Cameras: projection, the crop's weak-perspective camera, translation fits.

Camera frame: x right, y down, z forward, metres.  Pixel centres lie at +0.5.
Intrinsics ``K`` are rows (fx, fy, cx, cy) in pixels.
"""

from typing import Tuple

import torch
from torch import Tensor

# SPIN's and PARE's convention for a 224 px crop; other crop sizes scale it,
# so that the field of view stays the same.
FOCAL_LENGTH = 5000.0
REFERENCE_SIZE = 224


def crop_intrinsics(
    batch_size: int, crop_size: int, device: torch.device = None
) -> Tensor:
    """The virtual camera of a square crop.

    Args:
        batch_size: N.
        crop_size: Side of the crop in pixels.
        device: Where the result lives.

    Returns:
        Tensor: (N, 4) intrinsics: focal length 5000 px for a 224 px crop,
        principal point in the middle.
    """
    focal = FOCAL_LENGTH * crop_size / REFERENCE_SIZE
    row = [focal, focal, crop_size / 2, crop_size / 2]
    return torch.tensor(row, device=device).expand(batch_size, 4)


def crop_camera_to_translation(cam: Tensor) -> Tensor:
    """Body translation that a crop camera stands for (SPIN, PARE).

    Args:
        cam: (N, 3) as (s, tx, ty); tx, ty in metres, s such that a metre
            spans ``s`` half crops.

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
        K: (N, 4) intrinsics in pixels.

    Returns:
        Tensor: (N, P, 2) pixels.
    """
    focal, centre = K[:, None, :2], K[:, None, 2:]
    return points[..., :2] / points[..., 2:] * focal + centre


def project_to_crop(points: Tensor, cam: Tensor) -> Tensor:
    """Project body points by a crop camera into [-1, 1].

    Args:
        points: (N, P, 3) root-relative body points, camera axes, metres.
        cam: (N, 3) as (s, tx, ty).

    Returns:
        Tensor: (N, P, 2) normalised crop coordinates (x right, y down).
    """
    points = points + crop_camera_to_translation(cam)[:, None]
    focal = 2 * FOCAL_LENGTH / REFERENCE_SIZE
    return points[..., :2] / points[..., 2:] * focal


def fit_translation(
    joints: Tensor, keypoints: Tensor, confidence: Tensor, K: Tensor
) -> Tuple[Tensor, Tensor]:
    """Weighted least-squares translation under a pinhole camera.

    Solves f (X + t)_xy - (x - c) (X + t)_z = 0 for t, one 3x3 system per
    sample (SPIN's ``estimate_translation``).

    Args:
        joints: (N, J, 3) body joints, camera axes, metres.
        keypoints: (N, J, 2) their pixels.
        confidence: (N, J) weights >= 0; 0 leaves a joint out.
        K: (N, 4) intrinsics in pixels.

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


def full_image_camera(
    cam: Tensor, bbox: Tensor, image_size: Tensor, K: Tensor
) -> Tuple[Tensor, Tensor]:
    """Move crop cameras to the full image (CLIFF, section 3.2).

    Args:
        cam: (N, 3) crop cameras (s, tx, ty).
        bbox: (N, 3) crop centre x, y and side in image pixels.
        image_size: (N, 2) height, width in pixels.
        K: (N, 4) intrinsics; rows with NaN get the focal length
            sqrt(h^2 + w^2) and the image centre.

    Returns:
        tuple[Tensor, Tensor]: translation (N, 3) in metres in the full
        image's camera, and the intrinsics used (N, 4).
    """
    height, width = image_size.to(cam).unbind(-1)
    focal = torch.hypot(height, width)
    default = torch.stack([focal, focal, width / 2, height / 2], -1)
    unknown = ~torch.isfinite(K).all(-1, keepdim=True)
    K = torch.where(unknown, default, K.to(cam))
    # One metre spans s * side / 2 pixels at the body's depth.
    pixels_per_metre = cam[:, :1] * bbox[:, 2:] / 2
    offset = (bbox[:, :2] - K[:, 2:]) / pixels_per_metre
    depth = K[:, :1] / pixels_per_metre
    # With fx != fy, a metre spans fy / fx times as many pixels vertically.
    offset = offset * torch.cat(
        [torch.ones_like(depth), K[:, :1] / K[:, 1:2]], -1
    )
    return torch.cat([cam[:, 1:] + offset, depth], -1), K
