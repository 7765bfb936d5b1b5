"""Binary glTF of still people: a mesh and a colour each."""

from pathlib import Path

import torch

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult
from mmbopr.utils.meshes import vertex_normals
from mmbopr.visualization.colors import person_colors

from .axes import Axes
from .gltf import ARRAY_BUFFER, GltfFile
from .people import posed_vertices


def write_glb(
    path: Path, result: MeshResult, body_model: SMPL, axes: Axes
) -> None:
    """Write the people as nodes ``person_0``, ``person_1``, ...

    Args:
        path: The file.
        result: With one person or more.
        body_model: The body that it belongs to.
        axes: Of the file, as ``asset.extras`` says. Readers take glTF's y
            up for granted.
    """
    gltf = GltfFile(axes.facts(body_model.body_model_id))
    faces = body_model.faces.cpu()
    indices = gltf.add_faces(faces.numpy())
    people = posed_vertices(result, body_model, axes)
    colors = person_colors(len(people))
    for person, (vertices, color) in enumerate(
        zip(people, colors, strict=True)
    ):
        normals = vertex_normals(torch.from_numpy(vertices), faces).numpy()
        name = f'person_{person}'
        mesh = gltf.add(
            'meshes',
            name=name,
            primitives=[
                dict(
                    attributes=dict(
                        POSITION=gltf.add_array(vertices, ARRAY_BUFFER),
                        NORMAL=gltf.add_array(normals, ARRAY_BUFFER),
                    ),
                    indices=indices,
                    material=gltf.add_material(color),
                )
            ],
        )
        gltf.add('nodes', name=name, mesh=mesh)
    gltf.add('scenes', nodes=list(range(len(people))))
    gltf.write(path)
