"""Wavefront OBJ: an object a person."""

from pathlib import Path

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult

from .axes import Axes
from .people import posed_vertices


def write_obj(
    path: Path, result: MeshResult, body_model: SMPL, axes: Axes
) -> None:
    """Write the people as objects ``person_0``, ``person_1``, ...

    Coordinates have six decimals, micrometres.

    Args:
        path: The file.
        result: With one person or more.
        body_model: The body that it belongs to.
        axes: Of the file; its comments say so.
    """
    faces = body_model.faces.cpu().numpy() + 1  # OBJ counts from 1
    facts = axes.facts(body_model.body_model_id)
    with open(path, 'w', encoding='ascii', newline='\n') as file:
        file.writelines(f'# {key}: {value}\n' for key, value in facts.items())
        people = posed_vertices(result, body_model, axes)
        for person, vertices in enumerate(people):
            corners = faces + person * len(vertices)
            file.write(f'o person_{person}\n')
            file.write(_lines('v %.6f %.6f %.6f\n', vertices))
            file.write(_lines('f %d %d %d\n', corners))


def _lines(form: str, rows) -> str:
    """A line a row, all formatted at once."""
    return form * len(rows) % tuple(rows.ravel().tolist())
