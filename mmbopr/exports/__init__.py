"""Meshes and motions for other programs, in stated axes and metres."""

from .amass import load_amass
from .axes import AXES
from .export import (
    RESULT_WRITERS,
    TRACK_WRITERS,
    export_result,
    export_track,
)

__all__ = [
    'AXES',
    'RESULT_WRITERS',
    'TRACK_WRITERS',
    'export_result',
    'export_track',
    'load_amass',
]
