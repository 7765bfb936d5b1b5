"""Collect what data samples tell of their crops."""

from typing import List

import torch
from mmengine.structures import BaseDataElement
from torch import Tensor

from mmbopr.structures import COCO_17
from mmbopr.structures.predictions import CropContext
from mmbopr.utils.camera import default_intrinsics


def crop_context(
    data_samples: List[BaseDataElement], device: torch.device
) -> CropContext:
    """Stack the meta information of a batch.

    Args:
        data_samples: With ``bbox_center`` (2,) and ``bbox_scale`` (2,) in
            pixels, ``ori_shape``, and, where known, ``bbox_rotation`` in
            degrees, ``K`` (4,) and ``keypoint_prompts`` (17, 3).
        device: Where the result lives.

    Returns:
        CropContext: Of N samples.
    """
    unknown = [float('nan')] * 4
    rows = []
    for sample in data_samples:
        K = sample.get('K')
        rows.append(
            [
                *sample.bbox_center[:2],
                *sample.bbox_scale[:2],
                *sample.ori_shape[1::-1],
                sample.get('bbox_rotation', 0.0),
                *(unknown if K is None else K),
            ]
        )
    rows = torch.tensor(rows, dtype=torch.float32, device=device)
    centre, size, image_size, rotation, K = rows.split([2, 2, 2, 1, 4], 1)
    known = torch.isfinite(K).all(-1, keepdim=True)
    K = torch.where(known, K, default_intrinsics(image_size))
    centre = _turn(centre, K[:, 2:], rotation)
    return CropContext(
        bbox=torch.cat([centre, size], -1),
        K=K,
        keypoint_prompts=_prompts(data_samples).to(device),
    )


def _prompts(data_samples: List[BaseDataElement]) -> Tensor:
    """(N, 17, 3) key points that the samples bring, zero where none."""
    prompts = torch.zeros(len(data_samples), len(COCO_17), 3)
    for row, sample in zip(prompts, data_samples, strict=True):
        if 'keypoint_prompts' in sample:
            row.copy_(torch.as_tensor(sample.keypoint_prompts))
    return prompts


def _turn(points: Tensor, pivot: Tensor, rotation: Tensor) -> Tensor:
    """Turn (N, 2) points by minus ``rotation`` (N, 1) degrees.

    As the crop's labels are turned: for the camera a roll about its axis.
    """
    cos, sin = rotation.deg2rad().cos(), rotation.deg2rad().sin()
    x, y = (points - pivot).split(1, -1)
    return pivot + torch.cat([cos * x + sin * y, cos * y - sin * x], -1)
