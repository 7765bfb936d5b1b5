"""From a dump to numbers: every sample's errors, and their means."""

import math
from dataclasses import replace
from typing import Dict

import numpy as np

from mmbopr.structures import J17, JOINT_GROUPS, JOINT_SETS

from .dump import EvaluationDump
from .functional import (
    MM_PER_M,
    auc,
    axis_mpjpe,
    finite_rows,
    mpjpe,
    part_mpjpe,
    pck,
)
from .functional.points import list_rows

_AXES = ('x', 'y', 'z')


def failed_rows(dump: EvaluationDump) -> np.ndarray:
    """(N,) bool, samples whose prediction led to NaN or infinity."""
    compared = [dump.joint_errors, dump.joint_errors_pa]
    if _has_mesh(dump):
        compared += [dump.vertex_errors, dump.vertex_errors_pa]
    finite = [finite_rows(array) for array in compared if array is not None]
    return ~np.logical_and.reduce(finite)


def drop_failures(dump: EvaluationDump) -> EvaluationDump:
    """Leave out failed predictions; their number stays in the protocol.

    A method that fails on hard samples gains by this, so whoever shows the
    means shows ``num_failed`` beside them.
    """
    failed = failed_rows(dump)
    kept = dump.select(~failed)
    total = dump.protocol.get('num_failed', 0) + int(failed.sum())
    return replace(kept, protocol={**kept.protocol, 'num_failed': total})


def sample_metrics(dump: EvaluationDump) -> Dict[str, np.ndarray]:
    """All that tables show, sample by sample; means are means of these.

    Args:
        dump: Of any protocol; without ground truth there is no metric.

    Returns:
        dict[str, np.ndarray]: (N,) float64 each, in mm: ``MPJPE``,
        ``PA-MPJPE``; against meshes ``PVE`` and ``PA-PVE`` (Table 1);
        ``MPJPE_x``, ``MPJPE_y``, ``MPJPE_z`` (Table 3); ``MPJPE_Ankle`` and
        so on (Table 6). On the 17 joints of MPI-INF-3DHP also its ``PCK``
        and ``AUC``, in percent.

    Raises:
        ValueError: If there is no sample, or an error is not finite.
    """
    if dump.protocol.get('gt_source') == 'none':
        return {}
    if len(dump) == 0:
        raise ValueError(
            'dump: expected at least one sample, found none; means over '
            'nothing are undefined'
        )
    _refuse_failures(dump)
    errors, origin = dump.joint_errors, np.zeros_like(dump.joint_errors)
    metrics = {
        'MPJPE': mpjpe(errors, origin),
        'PA-MPJPE': MM_PER_M * dump.joint_errors_pa.mean(1, dtype=np.float64),
    }
    if _has_mesh(dump):
        metrics['PVE'] = MM_PER_M * dump.vertex_errors.astype(np.float64)
        if dump.vertex_errors_pa is not None:
            aligned = dump.vertex_errors_pa.astype(np.float64)
            metrics['PA-PVE'] = MM_PER_M * aligned
    axes = axis_mpjpe(errors, origin).T
    metrics.update({f'MPJPE_{a}': v for a, v in zip(_AXES, axes, strict=True)})
    groups = JOINT_GROUPS.get(dump.joint_set, {})
    parts = part_mpjpe(errors, origin, groups)
    metrics.update({f'MPJPE_{part}': v for part, v in parts.items()})
    if dump.joint_set == J17.name:
        metrics.update(PCK=pck(errors, origin), AUC=auc(errors, origin))
    return metrics


def summarize(dump: EvaluationDump) -> Dict[str, float]:
    """Means over samples, in float64, of :func:`sample_metrics`."""
    metrics = {k: float(v.mean()) for k, v in sample_metrics(dump).items()}
    if metrics:
        check_identities(metrics, dump.joint_set)
    return metrics


def check_identities(metrics: Dict[str, float], joint_set: str) -> None:
    """Two laws that any true set of numbers obeys.

    Args:
        metrics: What :func:`summarize` returns.
        joint_set: The joints that they are over.

    Raises:
        ArithmeticError: If MPJPE is below the root sum of squares of its
            axes, or is not the weighted mean of its parts.
    """
    total = metrics['MPJPE']
    rss = math.hypot(*(metrics[f'MPJPE_{axis}'] for axis in _AXES))
    if total < rss * (1 - 1e-9):
        raise ArithmeticError(
            f'MPJPE {total} mm is below the root sum of squares {rss} mm of '
            'its axes, which cannot be: the numbers are not of one evaluation'
        )
    if joint_set not in JOINT_GROUPS:
        return
    groups = JOINT_GROUPS[joint_set].items()
    joints = sum(
        len(group) * metrics[f'MPJPE_{name}'] for name, group in groups
    )
    mean = joints / len(JOINT_SETS[joint_set])
    if not math.isclose(mean, total, rel_tol=1e-9):
        raise ArithmeticError(
            f'MPJPE {total} mm is not the weighted mean {mean} mm of its '
            'parts: the numbers are not of one evaluation'
        )


def _has_mesh(dump: EvaluationDump) -> bool:
    return dump.protocol.get('gt_source', 'smpl') == 'smpl'


def _refuse_failures(dump: EvaluationDump) -> None:
    failed = dump.sample_idx[failed_rows(dump)]
    if len(failed):
        raise ValueError(
            f'dump: {len(failed)} of {len(dump)} samples have an error that '
            f'is not finite (sample_idx {list_rows(failed)}); repair what '
            'predicted them, or leave them out with drop_failures, which '
            'counts them'
        )
