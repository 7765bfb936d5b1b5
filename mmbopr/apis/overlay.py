"""Meshes of a result drawn over its picture."""

from pathlib import Path
from typing import Union

import cv2
import mmcv
import numpy as np
import torch
from torch import Tensor

from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.visualization import render_meshes


def draw_overlay(
    img: np.ndarray, result: MeshResult, faces: Tensor
) -> np.ndarray:
    """Draw everybody over the picture.

    Args:
        img: (H, W, 3) uint8 BGR, the picture of the result.
        result: With vertices.
        faces: (F, 3) long, of the body model.

    Returns:
        np.ndarray: (H, W, 3) uint8 BGR, a new picture.
    """
    if not len(result):
        return img.copy()
    vertices = result.vertices + result.cam_t_full[:, None]
    rgb = np.ascontiguousarray(img[..., ::-1])
    drawn = render_meshes(
        rgb, torch.from_numpy(vertices), faces, torch.from_numpy(result.K)
    )
    return np.ascontiguousarray(drawn[..., ::-1])


def present_overlay(
    overlay: np.ndarray,
    picture: Picture,
    show: bool = False,
    folder: Union[str, Path] = '',
) -> None:
    """Show what was drawn, or save it.

    Args:
        overlay: (H, W, 3) uint8 BGR.
        picture: What it was drawn over.
        show: Whether to open a window; pictures wait for a key.
        folder: Where to save it, if anywhere.
    """
    if folder:
        mmcv.imwrite(overlay, str(Path(folder) / f'{picture.stem}.jpg'))
    if show:
        cv2.imshow('mmbopr', overlay)
        cv2.waitKey(1 if picture.frame is not None else 0)
