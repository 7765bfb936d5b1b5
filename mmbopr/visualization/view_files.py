"""The page of ``mmbopr view``: stored results with their pictures."""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Callable, Iterator, Optional, Sequence, Union

import cv2
import numpy as np
from mmengine.logging import print_log

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult, read_results

from .viewer_page import write_viewer_page


def view_results(
    path: Union[str, Path],
    out: Union[str, Path],
    body_model: SMPL,
    *,
    with_photos: bool = True,
    fps: float = 10.0,
) -> None:
    """Write a page to look at stored results from all sides.

    Args:
        path: A result (``.json``, ``.npz``), a track (``.npz``), or a folder
            of them; what else lies in a folder is counted and passed over.
        out: The page, ``*.html``.
        body_model: The body that the results belong to.
        with_photos: Whether the pictures stand behind the people, where they
            are still at ``img_path``.
        fps: Frames a second when playing; that of the tracks, if there are.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If there is no result, or see :func:`write_viewer_page`.
    """
    path = Path(path)
    found = read_results(path)
    images = None
    if with_photos and isinstance(found[0], MeshResult):
        images = _photos(found)
    write_viewer_page(out, found, body_model, images, title=path.stem, fps=fps)


def _photos(
    results: Sequence[MeshResult],
) -> Iterator[Optional[np.ndarray]]:
    """The pictures, RGB; None, and a warning, for those not found."""
    open_video = lru_cache(maxsize=1)(cv2.VideoCapture)
    missing = 0
    for result in results:
        photo = _photo(result, open_video)
        missing += photo is None
        yield photo
    if missing:
        print_log(
            f'{missing} of {len(results)} pictures are not where the results '
            'say, or changed: their people stand before no photo',
            'current',
            logging.WARNING,
        )


def _photo(
    result: MeshResult, open_video: Callable[[str], cv2.VideoCapture]
) -> Optional[np.ndarray]:
    path = str(result.img_path)
    if not Path(path).is_file():
        return None
    if result.frame is None:
        image = cv2.imread(path)
    else:
        video = open_video(path)
        video.set(cv2.CAP_PROP_POS_FRAMES, result.frame)
        _, image = video.read()
    if image is None or image.shape[:2] != result.img_shape:
        return None
    return image[..., ::-1]
