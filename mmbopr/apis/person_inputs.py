"""One person of a picture, as the network wants it."""

from pathlib import Path
from typing import Optional, Sequence, Union

import cv2
import numpy as np
from mmengine.dataset import Compose


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
