"""The meshes of a result, as all formats of still bodies want them."""

import numpy as np
import torch

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult

from .axes import Axes


@torch.no_grad()
def posed_vertices(
    result: MeshResult, body_model: SMPL, axes: Axes
) -> np.ndarray:
    """Pose the people and place them before the camera.

    Args:
        result: P people.
        body_model: With V vertices.
        axes: Of the answer.

    Returns:
        np.ndarray: (P, V, 3) float32, metres; the camera is the origin.
    """
    names = ('betas', 'body_pose', 'global_orient', 'cam_t_full')
    betas, body_pose, global_orient, transl = (
        torch.from_numpy(getattr(result, name)).to(body_model.v_template)
        for name in names
    )
    posed = body_model(betas, body_pose, global_orient, transl)
    vertices = posed.vertices.cpu().numpy() @ axes.from_camera.T
    return vertices.astype(np.float32)
