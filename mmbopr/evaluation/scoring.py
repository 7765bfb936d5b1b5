"""Score stored parameters without a network: baselines, other methods."""

from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np
import torch
from mmengine.logging import print_log
from torch import Tensor, nn

from mmbopr.structures import NEUTRAL

from .bodies import pose_bodies
from .dump import EvaluationDump
from .functional import check_finite, finite_rows
from .functional.points import Array
from .protocols import EvaluationProtocol, ProtocolLike, build_protocol


def score_predictions(
    body_model: nn.Module,
    pose: Array,
    betas: Array,
    gender: Array,
    pred_pose_rotmat: Array,
    pred_betas: Array,
    **options: Any,
) -> EvaluationDump:
    """Score parameters against parameters, e.g. those of the mean body.

    Args:
        body_model: A ``GenderedSMPL``, on the device to compute on.
        pose: (N, 24, 3) ground truth axis-angle, root in the camera frame.
        betas: (N, 10) ground truth.
        gender: (N,) codes of the ground truth's bodies.
        pred_pose_rotmat: (N, 24, 3, 3), or (24, 3, 3) for all samples.
        pred_betas: (N, 10), or (10,) for all samples; neutral body.
        **options: Keyword arguments of :func:`score_labels`.

    Returns:
        EvaluationDump: As of :func:`score_labels`.

    Raises:
        ValueError: If shapes do not fit or the truth is not finite.
    """
    count = len(pose)
    labels = dict(
        smpl_pose=_tensor('pose', pose, (count, 24, 3)),
        betas=_tensor('betas', betas, (count, 10)),
        gender=_tensor('gender', gender, (count,)).long(),
        has_smpl=torch.ones(count, dtype=torch.bool),
    )
    return score_labels(
        body_model, labels, pred_pose_rotmat, pred_betas, **options
    )


def score_labels(
    body_model: nn.Module,
    labels: Mapping[str, Tensor],
    pred_pose_rotmat: Array,
    pred_betas: Array,
    *,
    protocol: ProtocolLike = None,
    facts: Optional[Dict[str, Any]] = None,
    batch_size: int = 64,
    **arrays: np.ndarray,
) -> EvaluationDump:
    """Score parameters against whatever the protocol compares with.

    A prediction that is not finite fails alone: its errors are NaN, which
    :func:`~mmbopr.evaluation.summarize` refuses until
    :func:`~mmbopr.evaluation.drop_failures` has counted it.

    Args:
        body_model: A ``GenderedSMPL``, on the device to compute on.
        labels: (N, ...) ground truth, the protocol's ``label_keys``.
        pred_pose_rotmat: (N, 24, 3, 3), or (24, 3, 3) for all samples.
        pred_betas: (N, 10), or (10,) for all samples; neutral body.
        protocol: A protocol, its config or its name.
        facts: Facts to store beside those of the protocol, JSON-able.
        batch_size: Samples posed at a time.
        **arrays: Further arrays of the dump: ``occlusion``, ``seq``, ...

    Returns:
        EvaluationDump: N samples, numbered in their order unless
        ``sample_idx`` is given.

    Raises:
        ValueError: If shapes do not fit or the truth is not finite.
    """
    protocol = build_protocol(protocol)
    for name, values in labels.items():
        check_finite(f'true {name}', values)
    count = len(next(iter(labels.values())))
    pose = _one_each('pred_pose_rotmat', pred_pose_rotmat, count, 24, 3, 3)
    betas = _one_each('pred_betas', pred_betas, count, 10)
    fields = _measure_finite(
        body_model, protocol, labels, pose, betas, batch_size
    )
    arrays = {**_unknown(labels, pose, betas), **arrays}
    protocol.check_sequences(arrays['seq'])
    identity = dict(body_model_id=body_model.body_model_id)
    facts = {**protocol.facts(), **identity, **(facts or {})}
    return EvaluationDump(**fields, **arrays, protocol=facts)


def _unknown(
    labels: Mapping[str, Tensor], pred_pose: Tensor, pred_betas: Tensor
) -> Dict[str, np.ndarray]:
    """Further arrays of a dump of which nothing else is known."""
    count = len(pred_pose)
    gender = labels.get('gender', torch.full((count,), NEUTRAL))
    return dict(
        sample_idx=np.arange(count),
        pred_pose=pred_pose.cpu().numpy(),
        pred_betas=pred_betas.cpu().numpy(),
        pred_cam=np.full((count, 3), np.nan),
        gender=gender.cpu().numpy(),
        occlusion=np.full(count, np.nan),
        seq=np.full(count, ''),
    )


def _measure_finite(
    body_model: nn.Module,
    protocol: EvaluationProtocol,
    labels: Mapping[str, Tensor],
    pred_pose: Tensor,
    pred_betas: Tensor,
    batch_size: int,
) -> Dict[str, np.ndarray]:
    """Errors of all predictions, NaN of those that are not finite."""
    failed = _failed(pred_pose, pred_betas)
    fields = _measure(
        body_model,
        protocol,
        labels,
        torch.where(failed[:, None, None, None], torch.eye(3), pred_pose),
        torch.where(failed[:, None], 0.0, pred_betas),
        batch_size,
    )
    for values in fields.values():
        if values.dtype.kind == 'f':
            values[failed.numpy()] = np.nan
    return fields


@torch.no_grad()
def _measure(
    body_model: nn.Module,
    protocol: EvaluationProtocol,
    labels: Mapping[str, Tensor],
    pred_pose: Tensor,
    pred_betas: Tensor,
    batch_size: int,
) -> Dict[str, np.ndarray]:
    """Errors of finite predictions, batch by batch."""
    device = next(body_model.buffers()).device
    batches = []
    for start in range(0, len(pred_pose), batch_size):
        rows = slice(start, start + batch_size)
        betas = pred_betas[rows].to(device)
        neutral = torch.full((len(betas),), NEUTRAL, device=device)
        posed = pose_bodies(
            body_model,
            pred_pose[rows].to(device),
            betas,
            neutral,
            protocol.regressor,
        )
        truth = protocol.truth(
            body_model, {k: v[rows].to(device) for k, v in labels.items()}
        )
        batches.append(protocol.measure(protocol.body(*posed), truth))
    return {k: np.concatenate([b[k] for b in batches]) for k in batches[0]}


def _failed(pred_pose: Tensor, pred_betas: Tensor) -> Tensor:
    """(N,) bool, predictions that are not finite; says how many."""
    finite = finite_rows(pred_pose) & finite_rows(pred_betas)
    if not finite.all():
        print_log(
            f'{(~finite).sum()} of {len(finite)} predictions are not finite; '
            'their errors are NaN',
            logger='current',
        )
    return torch.from_numpy(~finite)


def _one_each(name: str, array: Array, count: int, *shape: int) -> Tensor:
    """(count, *shape) from as many, or from one for all."""
    tensor = _tensor(name, array, (count, *shape), shape)
    return tensor.expand(count, *shape)


def _tensor(name: str, array: Array, *shapes: Tuple[int, ...]) -> Tensor:
    """``array`` as a float tensor of one of ``shapes``."""
    if isinstance(array, np.ndarray) and not array.flags.writeable:
        array = array.copy()  # columns of a mapped file, which torch warns of
    tensor = torch.as_tensor(array).float()
    if tuple(tensor.shape) not in shapes:
        raise ValueError(
            f'{name}: expected shape {" or ".join(map(str, shapes))}, found '
            f'{tuple(tensor.shape)}; one row for each ground-truth pose'
        )
    return tensor
