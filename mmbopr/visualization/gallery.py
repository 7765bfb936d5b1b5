"""The pictures of one person: what went in, what came out, what is true."""

from typing import Dict, NamedTuple, Tuple

import cv2
import numpy as np
import torch
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from .colors import GROUND_TRUTH
from .heatmaps import draw_heatmap, draw_part_attention
from .renderer import render_meshes, render_side_view

_BORDER = (235, 235, 235)


class CropView(NamedTuple):
    """A square cut of an image and the camera that sees it.

    Attributes:
        image: (size, size, 3) uint8.
        K: (4,) intrinsics of the cut in its pixels.
    """

    image: np.ndarray
    K: Tensor


def crop_view(
    image: np.ndarray,
    K: Tensor,
    center: np.ndarray,
    side: float,
    size: int = 288,
) -> CropView:
    """Cut a square out of an image and scale it.

    Args:
        image: (H, W, 3) uint8.
        K: (4,) intrinsics of the image in pixels.
        center: (2,) x, y of the middle of the square in pixels.
        side: Side of the square in pixels.
        size: Side of the result in pixels.

    Returns:
        CropView: Grey where the square leaves the image.
    """
    corner = np.asarray(center, float) - side / 2
    pixels = max(round(float(side)), 1)
    step = side / pixels
    # OpenCV counts from the middle of the first pixel, hence the halves.
    start = corner + step / 2 - 0.5
    matrix = np.array([[step, 0, start[0]], [0, step, start[1]]])
    cut = cv2.warpAffine(
        image,
        matrix,
        (pixels, pixels),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=_BORDER,
    )
    enlarging = size > pixels
    method = cv2.INTER_CUBIC if enlarging else cv2.INTER_AREA
    offset = torch.tensor([0, 0, *corner], dtype=torch.float32)
    return CropView(
        cv2.resize(cut, (size, size), interpolation=method),
        (torch.as_tensor(K, dtype=torch.float32) - offset) * (size / side),
    )


@torch.no_grad()
def draw_person(
    image: np.ndarray,
    data_sample: PoseDataSample,
    body_model: nn.Module,
    size: int = 288,
) -> Dict[str, np.ndarray]:
    """Draw one predicted person.

    Args:
        image: (H, W, 3) uint8 RGB, the full image.
        data_sample: One person with ``pred_instances``, with
            ``gt_instance_labels`` and, if the estimator was told to output
            them, attention maps in ``pred_fields``.
        body_model: The ``GenderedSMPL`` of the ground truth.
        size: Side of the pictures in pixels.

    Returns:
        dict[str, np.ndarray]: Title -> (size, size, 3) uint8 RGB. What the
        sample does not have (ground truth or its place in the image,
        attention) is left out.
    """
    predictions = data_sample.pred_instances
    view = crop_view(
        image,
        predictions.K_full[0],
        data_sample.bbox_center,
        float(data_sample.bbox_scale[0]),
        size,
    )
    faces = body_model.faces
    vertices = predictions.vertices + predictions.cam_transl_full[:, None]
    panels = {
        'Input': view.image,
        'BoPR': render_meshes(view.image, vertices, faces, view.K),
        'BoPR, side': render_side_view(vertices, faces, size=size),
    }
    if _has_body(data_sample):
        truth, transl = _ground_truth(data_sample, body_model)
        colors = torch.tensor([GROUND_TRUTH])
        if transl.isfinite().all():
            panels['Ground truth'] = render_meshes(
                view.image, truth + transl, faces, view.K, colors
            )
        panels['Ground truth, side'] = render_side_view(
            truth, faces, size=size, colors=colors
        )
    fields = data_sample.get('pred_fields', {})
    if 'part_attention' in fields:
        panels['Part attention'] = draw_part_attention(
            view.image, fields.part_attention.numpy()
        )
    if 'body_attention' in fields:
        panels['Body attention'] = draw_heatmap(
            view.image, fields.body_attention[0].numpy()
        )
    return panels


def _has_body(data_sample) -> bool:
    labels = data_sample.gt_instance_labels
    return 'has_smpl' in labels and bool(labels.has_smpl.all())


def _ground_truth(data_sample, body_model) -> Tuple[Tensor, Tensor]:
    """Vertices (1, V, 3) without, and translation (3,) of the truth."""
    labels = data_sample.gt_instance_labels.to(body_model.faces.device)
    body = body_model(
        betas=labels.betas,
        body_pose=labels.smpl_pose[:, 1:].flatten(1),
        global_orient=labels.smpl_pose[:, 0],
        gender=labels.gender,
    )
    transl = data_sample.metainfo.get('transl', np.full(3, np.nan))
    return body.vertices.cpu(), torch.as_tensor(transl, dtype=torch.float32)
