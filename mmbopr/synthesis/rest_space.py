"""The body's template, which outfits are painted on."""

from dataclasses import dataclass
from typing import Dict

import numpy as np
import torch

from mmbopr.structures.joints import SMPL_45, SPIN_49


@dataclass(frozen=True)
class RestSpace:
    """The template that outfits are painted on.

    Attributes:
        vertices: (V, 3) float32, T-pose, metres.
        faces: (F, 3) int64.
        parts: (V,) part of each vertex.
        landmarks: Joint name -> (3,) position.
        thickness: (49,) metres of flesh before or behind the SPIN-49 joints.
    """

    vertices: np.ndarray
    faces: np.ndarray
    parts: np.ndarray
    landmarks: Dict[str, np.ndarray]
    thickness: np.ndarray


def rest_space(body: torch.nn.Module) -> RestSpace:
    """Measure the template of a ``mmbopr.body_models.SMPL``."""
    with torch.no_grad():
        zeros = torch.zeros
        rest = body(zeros(1, 10), zeros(1, 69), zeros(1, 3))
        joints = body.joint_set(rest, 'smpl_45')[0].numpy()
        keypoints = body.joint_set(rest, 'spin_49')[0].numpy()
    landmarks = dict(zip(SMPL_45.names, joints, strict=True))
    landmarks['head_top'] = keypoints[SPIN_49.names.index('gt_head_top_lsp')]
    return RestSpace(
        vertices=body.v_template.float().cpu().numpy(),
        faces=body.faces.cpu().numpy(),
        parts=body.part_labels.cpu().numpy(),
        landmarks=landmarks,
        thickness=_thickness(keypoints, rest.vertices[0].numpy()),
    )


def _thickness(joints: np.ndarray, surface: np.ndarray) -> np.ndarray:
    """Flesh before or behind joints (J, 3) in a T-pose, whichever is more.

    Points on the skin, such as the nose, have none.
    """
    offset = np.abs(surface - joints[:, None])
    within = (offset[..., :2] < 0.03).all(-1)
    depth = np.where(within, offset[..., 2], 0).max(1)
    on_skin = np.linalg.norm(offset, axis=-1).min(1) < 0.005
    return np.where(on_skin, 0.0, depth)
