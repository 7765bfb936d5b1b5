"""The per-sample dump of an evaluation: every table derives from it.

A dump is a plain ``.npz`` without pickled objects: one row a sample, plus the
protocol that the numbers were taken under as a JSON string.
"""

import json
import math
import os
import zipfile
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Tuple

import numpy as np

from mmbopr.structures import LSP_14, LSP_14_GROUPS

from .functional import axis_mpjpe, check_finite, mpjpe, part_mpjpe
from .functional.points import MM_PER_M

DUMP_FORMAT = 'mmbopr-evaluation-1'
_AXES = ('x', 'y', 'z')

# Name of each array of a dump -> its type and its shape after (N,).
ARRAY_SPECS: Dict[str, Tuple[str, Tuple[int, ...]]] = dict(
    sample_idx=('int64', ()),
    joint_errors=('float32', (len(LSP_14), 3)),
    joint_errors_pa=('float32', (len(LSP_14),)),
    vertex_errors=('float32', ()),
    pred_pose=('float32', (24, 3, 3)),
    pred_betas=('float32', (10,)),
    pred_cam=('float32', (3,)),
    gender=('int64', ()),
    occlusion=('float32', ()),
    seq=('str', ()),
)


@dataclass(frozen=True)
class EvaluationDump:
    """What an evaluation keeps of every sample.

    Attributes:
        sample_idx: (N,) rows of the data set, unique.
        joint_errors: (N, 14, 3) prediction minus ground truth of LSP-14
            relative to the pelvis, metres, camera axes.
        joint_errors_pa: (N, 14) distances in metres after Procrustes.
        vertex_errors: (N,) mean vertex distance in metres, no alignment.
        pred_pose: (N, 24, 3, 3) predicted rotations, root in camera frame.
        pred_betas: (N, 10) predicted shape.
        pred_cam: (N, 3) predicted crop camera (s, tx, ty), NaN if none.
        gender: (N,) code of the ground truth's body.
        occlusion: (N,) hidden fraction of the body 0..1, NaN if unknown.
        seq: (N,) names of the sequences, '' if none.
        protocol: What the numbers mean, JSON-able.
    """

    sample_idx: np.ndarray
    joint_errors: np.ndarray
    joint_errors_pa: np.ndarray
    vertex_errors: np.ndarray
    pred_pose: np.ndarray
    pred_betas: np.ndarray
    pred_cam: np.ndarray
    gender: np.ndarray
    occlusion: np.ndarray
    seq: np.ndarray
    protocol: Dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self)
        for name, (dtype, shape) in ARRAY_SPECS.items():
            array = np.asarray(getattr(self, name)).astype(dtype, copy=False)
            expected = (count, *shape)
            if array.shape != expected:
                raise ValueError(
                    f'{name}: expected shape {expected}, found '
                    f'{array.shape}; every array of a dump holds the same '
                    'samples'
                )
            object.__setattr__(self, name, array)
        if len(np.unique(self.sample_idx)) != count:
            raise ValueError(
                'sample_idx: expected unique rows, found '
                f'{count - len(np.unique(self.sample_idx))} duplicates; drop '
                'them before building a dump'
            )
        protocol = {**self.protocol, 'count': count}
        object.__setattr__(self, 'protocol', protocol)

    def __len__(self) -> int:
        return len(self.sample_idx)

    def select(self, rows: np.ndarray) -> 'EvaluationDump':
        """The samples that a mask or an index array picks, as a dump.

        For tables over part of a data set: by occlusion, by sequence.
        """
        arrays = {name: getattr(self, name)[rows] for name in ARRAY_SPECS}
        return replace(self, **arrays)


def write_dump(dump: EvaluationDump, path: str) -> None:
    """Write a dump; the file is either complete or not there.

    Args:
        dump: What to write.
        path: File name, usually ``*.npz``; missing folders are made.
    """
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    arrays = {name: getattr(dump, name) for name in ARRAY_SPECS}
    protocol = json.dumps(dump.protocol, sort_keys=True)
    temporary = f'{path}.partial'
    try:
        with open(temporary, 'wb') as file:
            np.savez(file, format=DUMP_FORMAT, protocol=protocol, **arrays)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def read_dump(path: str) -> EvaluationDump:
    """Read what :func:`write_dump` wrote.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated or not an evaluation dump.
    """
    remedy = 'write it again with `python tools/test.py ... --dump FILE`'
    try:
        content = _load_archive(path)
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise ValueError(
            f'{path}: expected an evaluation dump (.npz), found a truncated '
            f'or foreign file ({error}); {remedy}'
        ) from error
    found = str(content.get('format', 'none'))
    if found != DUMP_FORMAT:
        raise ValueError(
            f'{path}: expected format {DUMP_FORMAT!r}, found {found!r} with '
            f'keys {sorted(content)}; {remedy}'
        )
    missing = [key for key in (*ARRAY_SPECS, 'protocol') if key not in content]
    if missing:
        raise ValueError(f'{path}: keys {missing} are missing; {remedy}')
    try:
        protocol = json.loads(str(content['protocol']))
        arrays = {name: content[name] for name in ARRAY_SPECS}
        return EvaluationDump(**arrays, protocol=protocol)
    except ValueError as error:
        raise ValueError(f'{path}: {error}; {remedy}') from error


def _load_archive(path: str) -> Dict[str, np.ndarray]:
    with open(path, 'rb') as file:
        archive = np.load(file, allow_pickle=False)
        if isinstance(archive, np.ndarray):
            raise ValueError('one bare array')
        return {key: archive[key] for key in archive.files}


def summarize(dump: EvaluationDump) -> Dict[str, float]:
    """All mean errors of a dump; see :func:`summarize_errors`."""
    return summarize_errors(
        dump.joint_errors, dump.joint_errors_pa, dump.vertex_errors
    )


def summarize_errors(
    joint_errors: np.ndarray,
    joint_errors_pa: np.ndarray,
    vertex_errors: np.ndarray,
) -> Dict[str, float]:
    """Means over samples, in float64, of everything that tables show.

    Args:
        joint_errors: (N, 14, 3) signed errors of LSP-14, metres.
        joint_errors_pa: (N, 14) distances after Procrustes, metres.
        vertex_errors: (N,) mean vertex distances, metres.

    Returns:
        dict[str, float]: mm. ``MPJPE``, ``PA-MPJPE``, ``PVE`` (Table 1),
        ``MPJPE_x``, ``MPJPE_y``, ``MPJPE_z`` (Table 3), ``MPJPE_Ankle`` and
        so on (Table 6).

    Raises:
        ValueError: If there is no sample, or an error is not finite.
    """
    if len(joint_errors) == 0:
        raise ValueError(
            'joint_errors: expected at least one sample, found none; means '
            'over nothing are undefined'
        )
    check_finite('joint_errors_pa', joint_errors_pa)
    check_finite('vertex_errors', vertex_errors)
    origin = np.zeros_like(joint_errors)
    metrics = {
        'MPJPE': mpjpe(joint_errors, origin).mean(),
        'PA-MPJPE': MM_PER_M * joint_errors_pa.mean(dtype=np.float64),
        'PVE': MM_PER_M * vertex_errors.mean(dtype=np.float64),
    }
    axes = axis_mpjpe(joint_errors, origin).mean(axis=0)
    metrics.update({f'MPJPE_{a}': v for a, v in zip(_AXES, axes, strict=True)})
    parts = part_mpjpe(joint_errors, origin, LSP_14_GROUPS)
    metrics.update({f'MPJPE_{p}': v.mean() for p, v in parts.items()})
    metrics = {key: float(value) for key, value in metrics.items()}
    check_identities(metrics)
    return metrics


def check_identities(metrics: Dict[str, float]) -> None:
    """Two laws that any true set of numbers obeys.

    Args:
        metrics: What :func:`summarize_errors` returns.

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
    joints = sum(
        len(group) * metrics[f'MPJPE_{name}']
        for name, group in LSP_14_GROUPS.items()
    )
    if not math.isclose(joints / len(LSP_14), total, rel_tol=1e-9):
        raise ArithmeticError(
            f'MPJPE {total} mm is not the weighted mean '
            f'{joints / len(LSP_14)} mm of its parts: the numbers are not of '
            'one evaluation'
        )
