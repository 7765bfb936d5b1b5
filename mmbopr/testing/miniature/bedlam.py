"""BEDLAM in miniature."""

from pathlib import Path
from typing import Any, Union

import cv2
import numpy as np

from mmbopr.structures import GENDERS

from .crowd import Crowd, make_crowd

SIZE = (320, 180)
BOX_FACTOR = 1.2


def make_bedlam_crowd(num_frames: int = 2, **kwargs) -> Crowd:
    """A crowd before a camera with the principal point in the centre."""
    width, height = size = kwargs.pop('image_size', SIZE)
    K = np.array([300.0, 300.0, width / 2, height / 2])
    return make_crowd(num_frames, K=K, image_size=size, **kwargs)


def write_bedlam(
    folder: Union[str, Path],
    crowd: Crowd,
    *,
    scene: str = '20221010_3_1000_batch01hand',
    on_side: bool = False,
    **changes: Any,
) -> Path:
    """Write a scene.

    Args:
        folder: Root of the data set.
        crowd: Made by :func:`make_bedlam_crowd`.
        scene: Its name.
        on_side: Whether the pictures are stored turned by 90 degrees.
        **changes: Columns of the labels to write instead.

    Returns:
        Path: The labels.
    """
    folder = Path(folder)
    pictures = folder / f'images/{scene}/png/seq_000003'
    pictures.mkdir(parents=True, exist_ok=True)
    for frame in range(crowd.num_frames):
        img = crowd.draw(frame)
        if on_side:
            img = cv2.rotate(img, cv2.ROTATE_90_COUNTERCLOCKWISE)
        cv2.imwrite(str(pictures / _name(frame)), img)
    path = folder / 'processed_labels' / f'{scene}.npz'
    path.parent.mkdir(exist_ok=True)
    columns = bedlam_labels(crowd) | changes
    np.savez(path, **{k: v for k, v in columns.items() if v is not None})
    return path


def _name(frame: int) -> str:
    return f'seq_000003_{5 * frame:04d}.png'


def bedlam_labels(crowd: Crowd) -> dict:
    """The columns of a scene's labels."""
    N = len(crowd)
    rng = np.random.default_rng(5)
    # The camera's place is a translation of its own.
    extrinsics = np.tile(np.eye(4), (N, 1, 1))
    extrinsics[:, :3, 3] = rng.normal(0, 2, (N, 3))
    fx, fy, cx, cy = crowd.K
    joints = crowd.project(crowd.smpl_45)
    low, high = joints[:, :22].min(1), joints[:, :22].max(1)
    return {
        'imgname': [f'seq_000003/{_name(frame)}' for frame in crowd.frame],
        'center': (low + high) / 2,
        'scale': BOX_FACTOR * (high - low).max(1) / 200,
        'pose_cam': crowd.pose.reshape(N, 72),
        'pose_world': np.zeros((N, 72)),
        'shape': crowd.betas,
        'trans_cam': crowd.transl - extrinsics[:, :3, 3],
        'trans_world': np.zeros((N, 3)),
        'cam_ext': extrinsics,
        'cam_int': np.tile([[fx, 0, cx], [0, fy, cy], [0, 0, 1]], (N, 1, 1)),
        'gtkps': joints,
        'gender': [GENDERS[code] for code in crowd.gender],
        # Dictionaries, hence a pickle.
        'motion_info': np.array([{'action': 'walk'}] * N),
        'sub': [f'rp_person_{person}' for person in crowd.person],
    }
