"""Meshes of a result over its picture: shown or saved."""

import os
import sys
from pathlib import Path
from typing import Union

import cv2
import mmcv
import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.visualization import draw_overlay


def present_overlay(
    picture: Picture,
    result: MeshResult,
    body_model: SMPL,
    show: bool = False,
    folder: Union[str, Path] = '',
) -> np.ndarray:
    """Draw everybody over the picture.

    Args:
        picture: The picture.
        result: Of the picture.
        body_model: The body that the result belongs to.
        show: Whether to open a window; pictures wait for a key.
        folder: Where to save it, if anywhere.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB.

    Raises:
        OSError: If there is no display to open a window on.
    """
    if show:
        _check_display()
    rgb = np.ascontiguousarray(picture.img[..., ::-1])
    drawn = draw_overlay(rgb, result, body_model)
    bgr = np.ascontiguousarray(drawn[..., ::-1])
    if folder:
        mmcv.imwrite(bgr, str(Path(folder) / f'{picture.stem}.jpg'))
    if show:
        cv2.imshow('mmbopr', bgr)
        cv2.waitKey(1 if picture.frame is not None else 0)
    return drawn


def _check_display() -> None:
    """Refuse to open windows where Qt would abort the process."""
    displays = map(os.environ.get, ('DISPLAY', 'WAYLAND_DISPLAY'))
    if sys.platform == 'linux' and not any(displays):
        raise OSError(
            'there is no display to show pictures on: leave out --show '
            '(show=True) and save them by --overlay (vis_out_dir=...)'
        )
