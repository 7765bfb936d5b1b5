"""Annotation rows of synthetic people, and the file that holds them."""

from pathlib import Path
from typing import Any, Dict, List

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.structures import ANNOTATION_FORMAT, J24_HIPS, NEUTRAL

from .scene import PlacedPerson
from .viewpoint import Viewpoint

DATASET_NAME = 'open_people'
# Side of the square crop over the longer side of the joints' box.
BBOX_FACTOR = 1.2

Row = Dict[str, Any]
_DTYPES = {
    'img_hw': np.int32, 'bbox_cs': np.float32, 'kp2d': np.float32,
    'kp3d': np.float32, 'pose': np.float32, 'betas': np.float32,
    'transl': np.float32, 'gender': np.int64, 'K': np.float32,
    'has_smpl': bool, 'has_kp3d': bool, 'has_kp2d': bool,
    'frame': np.int64, 'person': np.int64, 'occlusion': np.float32,
    'visible': bool, 'img_path': np.str_, 'seq': np.str_, 'dataset': np.str_,
}  # fmt: skip


def body_annotation(placed: PlacedPerson, viewpoint: Viewpoint) -> Row:
    """Everything that the body and the camera determine.

    The world never shows: turn, camera tilt and camera height are folded into
    the camera-frame orientation and translation, such that ``SMPL(pose,
    betas) + transl`` projected by ``K`` gives ``kp2d``.

    Args:
        placed: The person.
        viewpoint: The camera.

    Returns:
        dict: ``pose``, ``betas``, ``transl``, ``K``, ``kp2d``, ``kp3d``,
        ``bbox_cs``, ``img_hw`` as in the unified record.
    """
    person = placed.person
    orient = viewpoint.rotation @ placed.turn @ person.orient
    pose = person.sample.pose.copy()
    pose[0] = Rotation.from_matrix(orient).as_rotvec()
    keypoints = viewpoint.to_camera(placed.to_world(person.keypoints))
    pixels = viewpoint.project(keypoints)
    joints = viewpoint.to_camera(placed.to_world(person.joints_24))
    joints = joints - joints[J24_HIPS, :].mean(0)
    return {
        'img_hw': viewpoint.size[::-1],
        'bbox_cs': square_box(pixels),
        'kp2d': np.column_stack([pixels, np.ones(len(pixels))]),
        'kp3d': np.column_stack([joints, np.ones(len(joints))]),
        'pose': pose,
        'betas': person.betas,
        'transl': viewpoint.to_camera(placed.position) - person.root,
        'gender': NEUTRAL,
        'K': viewpoint.K,
    }


def square_box(pixels: np.ndarray) -> np.ndarray:
    """Centre x, y and side of the square around key points (P, 2), px."""
    low, high = pixels.min(0), pixels.max(0)
    return np.append((low + high) / 2, BBOX_FACTOR * (high - low).max())


def save_rows(path: Path, rows: List[Row], **scalars: Any) -> None:
    """Write rows as a unified record file, uncompressed.

    Args:
        path: The ``.npz`` to write.
        rows: At least one, each with the keys of the unified record.
        **scalars: What holds for the file as a whole.
    """
    columns = {
        key: np.array([row[key] for row in rows], dtype)
        for key, dtype in _DTYPES.items()
    }
    scalars = {key: np.array(value) for key, value in scalars.items()}
    np.savez(path, **columns, format=np.array(ANNOTATION_FORMAT), **scalars)
