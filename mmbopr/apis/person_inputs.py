"""Pictures without annotations, as the network wants them."""

from pathlib import Path
from typing import List, Optional, Sequence, Union

import cv2
import numpy as np
from mmengine.dataset import Compose

_SUFFIXES = ('.bmp', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp')


def find_pictures(paths: Sequence[Union[str, Path]]) -> List[Path]:
    """The pictures that files and folders stand for.

    Args:
        paths: Files, taken as they are, and folders, of which the picture
            files are taken by name; not those of folders inside.

    Raises:
        FileNotFoundError: If a path does not exist or a folder has no
            picture.
    """
    found = []
    for path in map(Path, paths):
        inside = [path]
        if path.is_dir():
            inside = sorted(
                x for x in path.iterdir() if x.suffix.lower() in _SUFFIXES
            )
        if not inside or not path.exists():
            raise FileNotFoundError(
                f'{path}: expected a picture or a folder of pictures '
                f'({", ".join(_SUFFIXES)}), found none'
            )
        found += inside
    return found


def load_person(
    pipeline: Compose,
    img_path: Union[str, Path],
    bbox: Optional[Sequence[float]] = None,
) -> dict:
    """Send a picture without annotations through a test pipeline.

    Args:
        pipeline: Of the config's ``test_dataloader.dataset``.
        img_path: The picture.
        bbox: x and y of the upper left corner, width and height in pixels.
            The crop shows the square around it, so leave a margin as in
            training. Defaults to the whole picture.

    Returns:
        dict: ``inputs`` and ``data_samples`` of one person.

    Raises:
        OSError: If the file is not a picture.
        ValueError: If the box is empty.
    """
    img = cv2.imread(str(img_path))
    if img is None:
        raise OSError(
            f'{img_path}: found no picture that OpenCV can read; leave the '
            'file out'
        )
    x, y, width, height = bbox or (0, 0, *img.shape[1::-1])
    if width <= 0 or height <= 0:
        raise ValueError(
            f'{img_path}: expected a box x, y, width, height with positive '
            f'width and height, found {tuple(bbox)}'
        )
    return pipeline(
        dict(
            img=img,
            img_path=str(img_path),
            bbox_center=np.float32([[x + width / 2, y + height / 2]]),
            bbox_scale=np.float32([[max(width, height)] * 2]),
            bbox_rotation=np.zeros(1, np.float32),
            flip=False,
        )
    )
