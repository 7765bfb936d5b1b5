"""Formulas of the evaluation, on arrays: NumPy and torch only."""

from .mean_body import mean_body
from .mesh_errors import (
    axis_mpjpe,
    check_finite,
    mpjpe,
    pa_mpjpe,
    part_mpjpe,
    point_distances,
    procrustes_align,
    pve,
    root_align,
)

__all__ = [
    'axis_mpjpe',
    'check_finite',
    'mean_body',
    'mpjpe',
    'pa_mpjpe',
    'part_mpjpe',
    'point_distances',
    'procrustes_align',
    'pve',
    'root_align',
]
