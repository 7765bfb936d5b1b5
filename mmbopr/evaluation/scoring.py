"""From bodies to per-sample errors: the one path of metric and baselines.

Protocol: the 14 LSP joints are regressed from the vertices by the H36M
regressor and compared relative to its row 0, the pelvis; the ground truth is
posed by the body of its own gender; vertices are compared from the model's
origin, without alignment (as in PARE).
"""

from typing import Any, Dict, Optional, Tuple

import numpy as np
import torch
from torch import Tensor, nn

from mmbopr.structures import H36M_17, LSP_14, NEUTRAL
from mmbopr.structures.joints import LSP_14_FROM_H36M_17
from mmbopr.utils.rotation import axis_angle_to_matrix

from .dump import EvaluationDump
from .functional import point_distances, procrustes_align, root_align
from .functional.points import Array

PROTOCOL: Dict[str, Any] = dict(
    joint_set=LSP_14.name,
    regressor=H36M_17.name,
    root='pelvis',
    gt_gender='row',
    pve_align='none',
    unit='mm',
)


def pose_bodies(
    body_model: nn.Module, rotmat: Tensor, betas: Tensor, gender: Tensor
) -> Tuple[Tensor, Tensor]:
    """Vertices and H36M joints of a batch, without translation.

    Args:
        body_model: A ``GenderedSMPL``.
        rotmat: (N, 24, 3, 3) rotations, root in the camera frame.
        betas: (N, 10) shape coefficients.
        gender: (N,) codes, 0 male, 1 female, 2 neutral.

    Returns:
        tuple[Tensor, Tensor]: (N, V, 3) and (N, 17, 3), metres, camera axes,
        from the model's origin.
    """
    output = body_model(
        betas=betas,
        body_pose=rotmat[:, 1:],
        global_orient=rotmat[:, :1],
        gender=gender,
        pose2rot=False,
    )
    return output.vertices, body_model.joint_set(output, H36M_17.name)


def score_meshes(
    pred_vertices: Array,
    pred_joints_h36m: Array,
    gt_vertices: Array,
    gt_joints_h36m: Array,
) -> Dict[str, np.ndarray]:
    """Errors of a batch, as the fields of the dump have them.

    Args:
        pred_vertices: (N, V, 3) metres, camera axes, from the model's origin.
        pred_joints_h36m: (N, 17, 3) regressed from them.
        gt_vertices: (N, V, 3) as the prediction.
        gt_joints_h36m: (N, 17, 3) regressed from them.

    Returns:
        dict[str, np.ndarray]: ``joint_errors`` (N, 14, 3),
        ``joint_errors_pa`` (N, 14), ``vertex_errors`` (N,), in metres.
    """
    root = H36M_17.names.index(PROTOCOL['root'])
    pred = root_align(pred_joints_h36m, root)[:, LSP_14_FROM_H36M_17]
    gt = root_align(gt_joints_h36m, root)[:, LSP_14_FROM_H36M_17]
    return dict(
        joint_errors=(pred - gt).astype(np.float32),
        joint_errors_pa=point_distances(procrustes_align(pred, gt), gt).astype(
            np.float32
        ),
        vertex_errors=point_distances(pred_vertices, gt_vertices)
        .mean(axis=1)
        .astype(np.float32),
    )


@torch.no_grad()
def score_predictions(
    body_model: nn.Module,
    pose: Array,
    betas: Array,
    gender: Array,
    pred_pose_rotmat: Array,
    pred_betas: Array,
    *,
    occlusion: Optional[np.ndarray] = None,
    protocol: Optional[Dict[str, Any]] = None,
    batch_size: int = 64,
) -> EvaluationDump:
    """Score stored parameters, e.g. the mean body, without a network.

    Args:
        body_model: A ``GenderedSMPL``, on the device to compute on.
        pose: (N, 24, 3) ground truth axis-angle, root in the camera frame.
        betas: (N, 10) ground truth.
        gender: (N,) codes of the ground truth's bodies.
        pred_pose_rotmat: (N, 24, 3, 3), or (24, 3, 3) for all samples.
        pred_betas: (N, 10), or (10,) for all samples; neutral body.
        occlusion: (N,) hidden fraction 0..1. Defaults to unknown.
        protocol: Facts to store beside those of this module, JSON-able.
        batch_size: Samples posed at a time.

    Returns:
        EvaluationDump: N samples, numbered in their order.

    Raises:
        ValueError: If shapes do not fit or an error is not finite.
    """
    count = len(pose)
    pose = _tensor('pose', pose, (count, 24, 3))
    betas = _tensor('betas', betas, (count, 10))
    gender = _tensor('gender', gender, (count,)).long()
    rotations = (24, 3, 3)
    pred_pose = _tensor(
        'pred_pose_rotmat', pred_pose_rotmat, (count, *rotations), rotations
    ).expand(count, *rotations)
    pred_betas = _tensor('pred_betas', pred_betas, (count, 10), (10,)).expand(
        count, 10
    )
    device = next(body_model.buffers()).device
    batches = []
    for start in range(0, count, batch_size):
        batch = slice(start, start + batch_size)
        gt = pose_bodies(
            body_model,
            axis_angle_to_matrix(pose[batch].to(device)),
            betas[batch].to(device),
            gender[batch].to(device),
        )
        pred = pose_bodies(
            body_model,
            pred_pose[batch].to(device),
            pred_betas[batch].to(device),
            torch.full_like(gender[batch], NEUTRAL, device=device),
        )
        batches.append(score_meshes(*pred, *gt))
    unknown = np.full(count, np.nan)
    return EvaluationDump(
        sample_idx=np.arange(count),
        **{k: np.concatenate([b[k] for b in batches]) for k in batches[0]},
        pred_pose=pred_pose.cpu().numpy(),
        pred_betas=pred_betas.cpu().numpy(),
        pred_cam=np.full((count, 3), np.nan),
        gender=gender.cpu().numpy(),
        occlusion=unknown if occlusion is None else occlusion,
        seq=np.full(count, ''),
        protocol={
            **PROTOCOL,
            'body_model_id': body_model.body_model_id,
            **(protocol or {}),
        },
    )


def _tensor(name: str, array: Array, *shapes: Tuple[int, ...]) -> Tensor:
    """``array`` as a float tensor of one of ``shapes``."""
    tensor = torch.as_tensor(array).float()
    if tuple(tensor.shape) not in shapes:
        raise ValueError(
            f'{name}: expected shape {" or ".join(map(str, shapes))}, found '
            f'{tuple(tensor.shape)}; one row for each ground-truth pose'
        )
    return tensor
