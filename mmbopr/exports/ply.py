"""Binary PLY: all people as one mesh, each in its own colour."""

from pathlib import Path

import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult
from mmbopr.visualization.colors import person_colors

from .axes import Axes
from .people import posed_vertices

_VERTEX = np.dtype([('position', '<f4', 3), ('color', 'u1', 3)])
_FACE = np.dtype([('count', 'u1'), ('corners', '<i4', 3)])
_HEADER = """ply
format binary_little_endian 1.0
{comments}
element vertex {num_vertices}
property float x
property float y
property float z
property uchar red
property uchar green
property uchar blue
element face {num_faces}
property list uchar int vertex_indices
end_header
"""


def write_ply(
    path: Path, result: MeshResult, body_model: SMPL, axes: Axes
) -> None:
    """Write the people, one after the other.

    Args:
        path: The file.
        result: With one person or more.
        body_model: The body that it belongs to.
        axes: Of the file; its comments say so.
    """
    people = posed_vertices(result, body_model, axes)
    count, size = people.shape[:2]
    vertices = np.empty((count, size), _VERTEX)
    vertices['position'] = people
    vertices['color'] = person_colors(count)[:, None]
    first = size * np.arange(count)[:, None, None]
    corners = body_model.faces.cpu().numpy() + first
    faces = np.empty(corners.shape[:2], _FACE)
    faces['count'] = 3
    faces['corners'] = corners
    facts = axes.facts(body_model.body_model_id)
    header = _HEADER.format(
        comments='\n'.join(f'comment {k}: {v}' for k, v in facts.items()),
        num_vertices=vertices.size,
        num_faces=faces.size,
    )
    content = header.encode('ascii') + vertices.tobytes() + faces.tobytes()
    path.write_bytes(content)
