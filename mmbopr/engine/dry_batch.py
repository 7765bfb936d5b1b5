"""Annotated batches without a data set, for benchmarks and dry runs."""

from typing import List, Tuple

import torch
from mmengine.structures import InstanceData
from torch import nn

from mmbopr.structures import J24_HIPS, NEUTRAL, NUM_PARTS
from mmbopr.utils.camera import (
    crop_camera_to_translation,
    perspective_project,
    virtual_intrinsics,
)

_CAM = (0.9, 0.0, 0.2)
_SIDE = 250.0  # px of a box's longer side, in the full image


def make_labels(
    body: nn.Module,
    batch_size: int,
    seed: int = 0,
    *,
    aspect: Tuple[float, float] = (1.0, 1.0),
) -> dict:
    """Consistent labels of upright people in slightly varied poses.

    Args:
        body: :class:`~mmbopr.body_models.GenderedSMPL`.
        batch_size: N.
        seed: Of the poses.
        aspect: Width and height of the crop, any unit.

    Returns:
        dict[str, Tensor]: the fields that ``PackMeshInputs`` packs, (N, ...).
    """
    generator = torch.Generator().manual_seed(seed)
    pose = 0.2 * torch.randn(batch_size, NUM_PARTS, 3, generator=generator)
    pose[:, 0] = torch.tensor([torch.pi, 0.0, 0.0])
    betas = torch.randn(batch_size, 10, generator=generator)
    gender = torch.full((batch_size,), NEUTRAL)
    posed = body(
        betas=betas,
        body_pose=pose[:, 1:].flatten(1),
        global_orient=pose[:, 0],
        gender=gender,
    )
    cam = torch.tensor([_CAM]).expand(batch_size, 3)
    points = body.joint_set(posed, 'spin_49')
    points = points + crop_camera_to_translation(cam)[:, None]
    K = virtual_intrinsics(torch.tensor([aspect]).expand(batch_size, 2))
    keypoints = perspective_project(points, K)
    joints = body.joint_set(posed, 'j24')
    joints = joints - joints[:, J24_HIPS].mean(1, keepdim=True)
    yes = torch.ones(batch_size, dtype=torch.bool)
    return {
        'keypoints_2d': _with_confidence(keypoints),
        'keypoints_3d': _with_confidence(joints),
        'smpl_pose': pose,
        'betas': betas,
        'gender': gender,
        'has_smpl': yes,
        'has_keypoints_2d': yes.clone(),
        'has_keypoints_3d': yes.clone(),
        'has_segmentation': yes.clone(),
    }


def _with_confidence(points):
    return torch.cat([points, torch.ones_like(points[..., :1])], -1)


def make_data_samples(
    labels: dict,
    body_model_id: str,
    *,
    bbox_scale: Tuple[float, float] = (_SIDE, _SIDE),
) -> List:
    """One ``PoseDataSample`` for each row of :func:`make_labels`."""
    from mmpose.structures import PoseDataSample

    samples = []
    for i in range(len(labels['gender'])):
        sample = PoseDataSample(
            metainfo={
                'img_path': f'{i}.jpg',
                'sample_idx': i,
                'ori_shape': (300, 400),
                'bbox_center': (200.0, 150.0),
                'bbox_scale': bbox_scale,
                'body_model_id': body_model_id,
            }
        )
        sample.gt_instance_labels = InstanceData(
            **{key: value[i : i + 1] for key, value in labels.items()}
        )
        samples.append(sample)
    return samples


def make_batch(
    body: nn.Module, batch_size: int, input_size: Tuple[int, int]
) -> dict:
    """People in random poses before noise, as a data loader collates them.

    Args:
        body: :class:`~mmbopr.body_models.GenderedSMPL`.
        batch_size: N.
        input_size: (w, h) of the crops in pixels.

    Returns:
        dict: ``inputs``, N images (3, h, w) uint8, and N ``data_samples``.
    """
    generator = torch.Generator().manual_seed(0)
    width, height = input_size
    shape = (batch_size, 3, height, width)
    noise = torch.randint(256, shape, generator=generator, dtype=torch.uint8)
    longer = max(input_size)
    aspect = (width / longer, height / longer)
    samples = make_data_samples(
        make_labels(body, batch_size, aspect=aspect),
        body.body_model_id,
        bbox_scale=(_SIDE * aspect[0], _SIDE * aspect[1]),
    )
    return dict(inputs=list(noise), data_samples=samples)
