"""Formulas of the evaluation, on arrays: NumPy and torch only."""

from .acceleration import acceleration_error
from .agora import (
    AgoraPeople,
    score_agora,
    score_agora_groups,
    valid_people,
)
from .grouping import (
    GroupMean,
    group_means,
    occlusion_bands,
    visibility_mpjpe,
)
from .mean_body import mean_body
from .mesh_errors import axis_mpjpe, mpjpe, pa_mpjpe, pa_pve, part_mpjpe, pve
from .pck import auc, pck
from .points import (
    MM_PER_M,
    check_finite,
    finite_rows,
    point_distances,
    root_align,
)
from .procrustes import coincident, procrustes_align, procrustes_distances

__all__ = [
    'MM_PER_M',
    'AgoraPeople',
    'GroupMean',
    'acceleration_error',
    'auc',
    'axis_mpjpe',
    'check_finite',
    'coincident',
    'finite_rows',
    'group_means',
    'mean_body',
    'mpjpe',
    'occlusion_bands',
    'pa_mpjpe',
    'pa_pve',
    'part_mpjpe',
    'pck',
    'point_distances',
    'procrustes_align',
    'procrustes_distances',
    'pve',
    'root_align',
    'score_agora',
    'score_agora_groups',
    'valid_people',
    'visibility_mpjpe',
]
