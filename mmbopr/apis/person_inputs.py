"""Pictures without annotations, as the network wants them."""

from pathlib import Path
from typing import Optional, Sequence, Union

import numpy as np
from mmengine.dataset import Compose

from mmbopr.structures import COCO_17
from mmbopr.utils.pictures import check_picture, read_picture


def load_person(
    pipeline: Compose,
    img: Union[str, Path, np.ndarray],
    bbox: Optional[Sequence[float]] = None,
    *,
    K: Optional[Sequence[float]] = None,
    keypoints: Optional[Sequence[Sequence[float]]] = None,
) -> dict:
    """Send a person without annotations through a test pipeline.

    Args:
        pipeline: Of the config's ``test_dataloader.dataset``.
        img: A picture's file, or the picture: (H, W, 3) uint8, BGR as OpenCV
            reads it.
        bbox: x and y of the upper left corner, width and height in pixels.
            The crop shows the square around it, so leave a margin as in
            training.  Defaults to the whole picture.
        K: (4,) fx, fy, cx, cy of the whole picture in pixels, or the (3, 3)
            matrix of them.  Unknown by default: the model then takes the
            diagonal for focal length.
        keypoints: (17, 3) COCO key points, x and y in pixels of the whole
            picture and confidence, 0 for those that are not given.  Only a
            :class:`~mmbopr.models.KeypointPromptBARHead` reads them.

    Returns:
        dict: ``inputs`` and ``data_samples`` of one person.

    Raises:
        OSError: If the file is not a picture.
        ValueError: If picture, box, ``K`` or key points are not as described.
    """
    img_path = None if isinstance(img, np.ndarray) else str(img)
    img = check_picture(img) if img_path is None else read_picture(img_path)
    x, y, width, height = (0, 0, *img.shape[1::-1]) if bbox is None else bbox
    # Written so that NaN, which compares false, is reported too.
    if not (width > 0 and height > 0):
        raise ValueError(
            f'{img_path or "picture"}: expected a box x, y, width, height '
            f'with positive width and height, found {tuple(bbox)}'
        )
    results = dict(
        img=img,
        img_path=img_path,
        bbox_center=np.float32([[x + width / 2, y + height / 2]]),
        bbox_scale=np.float32([[max(width, height)] * 2]),
        bbox_rotation=np.zeros(1, np.float32),
        flip=False,
    )
    if K is not None:
        results['K'] = check_intrinsics(K)
    if keypoints is not None:
        results['keypoint_prompts'] = _check_keypoints(keypoints)
    return pipeline(results)


def check_intrinsics(K: Sequence[float]) -> np.ndarray:
    """(4,) float32 of fx, fy, cx, cy, which may come as a (3, 3) matrix.

    Raises:
        ValueError: If they are no camera.
    """
    K = np.asarray(K, np.float32)
    if K.shape == (3, 3):
        K = K[[0, 1, 0, 1], [0, 1, 2, 2]]
    if K.shape != (4,) or not np.isfinite(K).all() or (K[:2] <= 0).any():
        raise ValueError(
            'expected K as fx, fy, cx, cy in pixels with positive focal '
            f'lengths, found {K.tolist()}'
        )
    return K


def _check_keypoints(keypoints: Sequence[Sequence[float]]) -> np.ndarray:
    """(17, 3) float32."""
    keypoints = np.asarray(keypoints, np.float32)
    if keypoints.shape != (len(COCO_17), 3):
        raise ValueError(
            f'expected the {len(COCO_17)} key points of COCO, each as x, y '
            f'and confidence, found {keypoints.shape}'
        )
    absent = keypoints[:, 2] == 0
    known = np.isfinite(keypoints).all(1) & (keypoints[:, 2] > 0)
    if not (absent | known).all():
        names = [COCO_17.names[i] for i in np.flatnonzero(~(absent | known))]
        raise ValueError(
            f'key points {names} are not finite, or have a negative '
            'confidence; give those that are unknown the confidence 0'
        )
    return keypoints
