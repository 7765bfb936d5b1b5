"""Normals of triangle meshes, and which triangles face the camera."""

from typing import Tuple

import torch
import torch.nn.functional as F
from torch import Tensor


def vertex_normals(vertices: Tensor, faces: Tensor) -> Tensor:
    """Area-weighted normals.

    Args:
        vertices: (V, 3) in any frame.
        faces: (F, 3) long, counter-clockwise seen from outside.

    Returns:
        Tensor: (V, 3) outward unit vectors, 0 at vertices that no face uses.
    """
    # The cross product's length is twice the area: the weight is built in.
    normal, _ = _face_normals(vertices, faces)
    total = torch.zeros_like(vertices)
    for corner in range(3):
        total.index_add_(0, faces[:, corner], normal)
    return F.normalize(total, dim=1)


def facing_camera(vertices: Tensor, faces: Tensor) -> Tensor:
    """Faces turned to the camera: all that is ever seen of a closed mesh.

    Args:
        vertices: (V, 3) camera frame.
        faces: (F, 3) long, counter-clockwise seen from outside.

    Returns:
        Tensor: (F', 3) those of the faces.
    """
    normal, corner = _face_normals(vertices, faces)
    return faces[(normal * corner).sum(1) < 0]


def _face_normals(vertices: Tensor, faces: Tensor) -> Tuple[Tensor, Tensor]:
    """Cross product of two edges and the first corner, (F, 3) each."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    return torch.linalg.cross(b - a, c - a), a
