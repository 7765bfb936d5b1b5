"""The meshes of a result, as all formats of still bodies want them."""

import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult
from mmbopr.visualization.posed_people import pose_people

from .axes import Axes


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
    vertices = pose_people(result, body_model).vertices.numpy()
    return np.float32(vertices @ axes.from_camera.T)
