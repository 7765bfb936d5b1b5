"""The page of ``mmbopr view``: stored results with their pictures."""

import logging
from itertools import groupby
from pathlib import Path
from typing import Iterable, Iterator, Optional, Sequence, Union

import numpy as np
from mmengine.logging import print_log

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult, read_results
from mmbopr.structures.picture import Picture
from mmbopr.utils.pictures import read_picture
from mmbopr.video import VideoReader

from .viewer_page import write_viewer_page

# Neither results nor pictures are called so: a page overwrites none.
_PAGE_SUFFIXES = ('.html', '.htm')


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
        ValueError: If there is no result, if ``out`` is not called as a page,
            or see :func:`write_viewer_page`.
    """
    if Path(out).suffix.lower() not in _PAGE_SUFFIXES:
        raise ValueError(f'{out}: expected a name that ends in .html')
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
    missing = 0
    for path, group in groupby(results, lambda x: str(x.img_path)):
        for photo in _photos_in(path, list(group)):
            missing += photo is None
            yield photo
    if missing:
        print_log(
            f'{missing} of {len(results)} pictures are not where the results '
            'say, or changed: their people stand before no photo',
            'current',
            logging.WARNING,
        )


def _photos_in(
    path: str, results: Sequence[MeshResult]
) -> Iterator[Optional[np.ndarray]]:
    """Those of one file: a picture, or frames of a video by rising number."""
    pictures = iter(_open(path, results[0].frame is not None))
    for result in results:
        found = next((x for x in pictures if x.frame == result.frame), None)
        fits = found is not None and found.img.shape[:2] == result.img_shape
        yield found.img[..., ::-1] if fits else None


def _open(path: str, is_video: bool) -> Iterable[Picture]:
    try:
        if is_video:
            return VideoReader(path)
        return [Picture(read_picture(path), path)]
    except OSError:
        return ()
