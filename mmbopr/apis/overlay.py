"""Meshes of a result over its picture: shown or saved."""

from pathlib import Path
from typing import Union

import cv2
import mmcv
import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.utils.display import has_display
from mmbopr.visualization import draw_overlay

_INSTEAD = (
    'leave out --show (show=True) and save them by --overlay (vis_out_dir=...)'
)


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
        OSError: If no window can be opened.
    """
    if show:
        require_display()
    rgb = np.ascontiguousarray(picture.img[..., ::-1])
    drawn = draw_overlay(rgb, result, body_model)
    bgr = np.ascontiguousarray(drawn[..., ::-1])
    if folder:
        mmcv.imwrite(bgr, str(Path(folder) / f'{picture.stem}.jpg'))
    if show:
        _show(bgr, 1 if picture.frame is not None else 0)
    return drawn


def require_display() -> None:
    """Refuse to open windows where Qt would abort the process.

    Raises:
        OSError: If there is no display.
    """
    if not has_display():
        raise OSError(f'there is no display to show pictures on: {_INSTEAD}')


def _show(bgr: np.ndarray, milliseconds: int) -> None:
    """Open a window; 0 waits for a key."""
    try:
        cv2.imshow('mmbopr', bgr)
        cv2.waitKey(milliseconds)
    except cv2.error as error:
        raise OSError(
            'this OpenCV opens no windows. If opencv-python-headless is '
            'installed, `pip uninstall opencv-python-headless opencv-python`, '
            f'then `pip install "opencv-python<4.12"`; or {_INSTEAD}'
        ) from error
