"""A dump in parts: by sequence, by occlusion, by visibility, in motion."""

from typing import Dict, Tuple

import numpy as np

from .dump import EvaluationDump
from .functional import (
    GroupMean,
    acceleration_error,
    group_means,
    occlusion_bands,
    visibility_mpjpe,
)
from .summary import sample_metrics

MAIN_METRICS = ('MPJPE', 'PA-MPJPE', 'PVE')


def by_sequence(dump: EvaluationDump) -> Dict[str, GroupMean]:
    """Means of :func:`main_metrics` over each sequence; '' has no name."""
    return group_means(main_metrics(dump)[1], dump.seq)


def by_occlusion(dump: EvaluationDump) -> Dict[str, GroupMean]:
    """Means of :func:`main_metrics` over each band of occlusion."""
    return group_means(main_metrics(dump)[1], occlusion_bands(dump.occlusion))


def by_visibility(dump: EvaluationDump) -> Dict[str, GroupMean]:
    """MPJPE in mm over all visible and over all hidden joints.

    Raises:
        ValueError: If the dump does not say which joints can be seen.
    """
    _require(dump, 'visible')
    origin = np.zeros_like(dump.joint_errors)
    seen, hidden = visibility_mpjpe(dump.joint_errors, origin, dump.visible)
    return dict(visible=seen, hidden=hidden)


def acceleration(dump: EvaluationDump) -> GroupMean:
    """Mean acceleration error in mm/frame^2 over all inner frames.

    Raises:
        ValueError: If the dump does not say who is in which frame, or frames
            are not numbers.
    """
    _require(dump, 'frame', 'person')
    try:
        frame = dump.frame.astype(np.int64)
    except ValueError as error:
        raise ValueError(
            f'frame: expected whole numbers, found others ({error}); '
            'acceleration needs to know which frames are consecutive'
        ) from error
    track = np.char.add(np.char.add(dump.seq, '/'), dump.person)
    origin = np.zeros_like(dump.joint_errors)
    errors = acceleration_error(dump.joint_errors, origin, track, frame)
    inner = errors[np.isfinite(errors)]
    return GroupMean(inner.mean() if len(inner) else np.nan, len(inner))


def main_metrics(dump: EvaluationDump) -> Tuple[Tuple[str, ...], np.ndarray]:
    """The names of the metrics that everybody reports, and (N, M) values."""
    metrics = sample_metrics(dump)
    names = tuple(name for name in MAIN_METRICS if name in metrics)
    return names, np.stack([metrics[name] for name in names], axis=1)


def _require(dump: EvaluationDump, *names: str) -> None:
    missing = [name for name in names if getattr(dump, name) is None]
    if missing:
        raise ValueError(
            f'dump: has no {missing}; evaluate again, with a data set that '
            'has them'
        )
