"""The pictures of one person: what went in, what came out, what is true."""

from typing import Dict, NamedTuple, Tuple, Union

import cv2
import numpy as np
import torch
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from .colors import GROUND_TRUTH
from .heatmaps import draw_heatmap, draw_part_attention
from .renderer import render_meshes
from .views import render_side_view

_BORDER = (235, 235, 235)


class CropView(NamedTuple):
    """A cut of an image and the camera that sees it.

    Attributes:
        image: (h, w, 3) uint8, its longer side ``size`` pixels.
        K: (4,) intrinsics of the cut in its pixels.
    """

    image: np.ndarray
    K: Tensor


def crop_view(
    image: np.ndarray,
    K: Tensor,
    center: np.ndarray,
    extent: Union[float, np.ndarray],
    size: int = 288,
) -> CropView:
    """Cut a rectangle out of an image and scale it.

    Args:
        image: (H, W, 3) uint8.
        K: (4,) intrinsics of the image in pixels.
        center: (2,) x, y of the middle of the cut in pixels.
        extent: (2,) width and height of the cut in pixels; one number for a
            square.
        size: Longer side of the result in pixels.

    Returns:
        CropView: Grey where the cut leaves the image.
    """
    extent = np.broadcast_to(np.asarray(extent, float), 2)
    corner = np.asarray(center, float) - extent / 2
    pixels = np.rint(extent).astype(int).clip(1)
    step = extent / pixels
    # OpenCV counts from the middle of the first pixel, hence the halves.
    start = corner + step / 2 - 0.5
    matrix = np.array([[step[0], 0, start[0]], [0, step[1], start[1]]])
    cut = cv2.warpAffine(
        image,
        matrix,
        pixels.tolist(),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=_BORDER,
    )
    zoom = size / extent.max()
    method = cv2.INTER_CUBIC if zoom > 1 else cv2.INTER_AREA
    shape = np.rint(extent * zoom).astype(int).clip(1)
    offset = torch.tensor([0, 0, *corner], dtype=torch.float32)
    scale = torch.tensor(np.tile(shape / extent, 2), dtype=torch.float32)
    return CropView(
        cv2.resize(cut, shape.tolist(), interpolation=method),
        (torch.as_tensor(K, dtype=torch.float32) - offset) * scale,
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
        size: Longer side of the pictures in pixels.

    Returns:
        dict[str, np.ndarray]: Title -> (h, w, 3) uint8 RGB, what the crop
        shows; side views are squares. What the sample does not have (ground
        truth or its place in the image, attention) is left out.
    """
    predictions = data_sample.pred_instances
    view = crop_view(
        image,
        predictions.K_full[0],
        data_sample.bbox_center,
        data_sample.bbox_scale,
        size,
    )
    faces = body_model.faces
    vertices = predictions.vertices + predictions.cam_transl_full[:, None]
    panels = {
        'Input': view.image,
        'Prediction': render_meshes(view.image, vertices, faces, view.K),
        'Prediction, side': render_side_view(vertices, faces, size=size),
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
    return panels | draw_attention(view.image, data_sample)


def draw_attention(
    image: np.ndarray, data_sample: PoseDataSample
) -> Dict[str, np.ndarray]:
    """Draw the attention maps of one person.

    Args:
        image: (h, w, 3) uint8 RGB, what the crop shows.
        data_sample: With ``part_attention`` (24, H, W) or ``body_attention``
            (1, H, W) in ``pred_fields``, if the estimator gave them.

    Returns:
        dict[str, np.ndarray]: Title -> (h, w, 3) uint8 RGB.
    """
    panels = {}
    fields = data_sample.get('pred_fields', {})
    if 'body_attention' in fields:
        panels['Body attention'] = draw_heatmap(
            image, fields.body_attention[0].numpy()
        )
    if 'part_attention' in fields:
        panels['Part attention'] = draw_part_attention(
            image, fields.part_attention.numpy()
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
