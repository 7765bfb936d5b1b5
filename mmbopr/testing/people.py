"""Synthetic people: annotation files with or without pictures."""

from pathlib import Path
from typing import Dict, Tuple, Union

import cv2
import numpy as np
import torch
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL
from mmbopr.structures import ANNOTATION_FORMAT, J24_HIPS, NEUTRAL
from mmbopr.utils.camera import perspective_project

from .stick_figures import draw_figure, smooth_background

_DEPTH = 6.0  # metres to the camera
_FILL = 0.7  # part of the picture's height that a person of 1.7 m spans
_BOX_FACTOR = 1.2


def random_annotations(num_rows: int, seed: int = 0) -> Dict[str, np.ndarray]:
    """Valid columns of arbitrary numbers, for tests of files.

    Args:
        num_rows: N.
        seed: Of the numbers.

    Returns:
        dict: Arrays for ``np.savez``; the body model is ``'test-1'``.
    """
    rng = np.random.default_rng(seed)

    def normal(*shape):
        return rng.standard_normal((num_rows, *shape), np.float32)

    return dict(
        format=np.array(ANNOTATION_FORMAT),
        body_model_id=np.array('test-1'),
        img_path=np.char.mod('images/%06d.jpg', np.arange(num_rows)),
        img_hw=np.tile([360, 480], (num_rows, 1)),
        bbox_cs=np.tile(np.float32([240, 180, 300]), (num_rows, 1)),
        kp2d=np.abs(normal(49, 3)) * 100,
        kp3d=np.abs(normal(24, 4)),
        pose=normal(24, 3),
        betas=normal(10),
        transl=normal(3),
        gender=rng.integers(0, 3, num_rows),
        K=np.tile(np.float32([500, 500, 240, 180]), (num_rows, 1)),
        has_smpl=np.ones(num_rows, bool),
        has_kp3d=np.ones(num_rows, bool),
        has_kp2d=np.ones(num_rows, bool),
        seq=np.full(num_rows, 'walk'),
        frame=np.arange(num_rows),
        person=np.zeros(num_rows, int),
        dataset=np.full(num_rows, 'synthetic'),
    )


def make_people(
    folder: Union[str, Path],
    num_people: int = 6,
    *,
    image_size: Tuple[int, int] = (480, 360),
    seed: int = 0,
) -> Path:
    """Draw stick figures of the open body, with all labels.

    Each stands in the middle of the picture and of its box, on the optical
    axis, where turning the picture is exactly turning the body.

    Args:
        folder: Where ``people.npz`` and ``images/`` are written.
        num_people: N, one picture each.
        image_size: (w, h) of the pictures.
        seed: Of poses, shapes and colours.

    Returns:
        Path: The annotation file; image paths start from ``folder``.
    """
    folder, (width, height) = Path(folder), image_size
    (folder / 'images').mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    columns = random_annotations(num_people, seed)
    focal = _FILL * height * _DEPTH / 1.7
    K = np.float32([focal, focal, width / 2, height / 2])
    columns.update(_pose_people(rng, np.tile(K, (num_people, 1))))
    columns.update(
        img_hw=np.tile([height, width], (num_people, 1)),
        gender=np.full(num_people, NEUTRAL),
        dataset=np.full(num_people, 'stick-figures'),
        occlusion=np.zeros(num_people, np.float32),
        visible=np.ones((num_people, 49), bool),
    )
    for row, skeleton in enumerate(columns.pop('skeleton')):
        img = smooth_background(rng, image_size)
        draw_figure(rng, img, skeleton)
        cv2.imwrite(str(folder / columns['img_path'][row]), img)
    ann_file = folder / 'people.npz'
    np.savez(ann_file, **columns)
    return ann_file


@torch.no_grad()
def _pose_people(rng, K: np.ndarray) -> Dict[str, np.ndarray]:
    """Columns about bodies in front of the cameras ``K`` (N, 4)."""
    N = len(K)
    pose = rng.normal(0, 0.25, (N, 24, 3))
    # SMPL's y points up, the camera's down.
    upright = Rotation.from_rotvec([np.pi, 0, 0])
    yaw = Rotation.from_euler(
        'y', rng.uniform(-180, 180, (N, 1)), degrees=True
    )
    pose[:, 0] = (upright * yaw).as_rotvec()
    pose = torch.tensor(pose, dtype=torch.float32)
    betas = torch.tensor(rng.normal(0, 0.7, (N, 10)), dtype=torch.float32)
    body = SMPL('open')
    output = body(betas, pose[:, 1:].flatten(1), pose[:, 0])
    joints = body.joint_set(output, 'spin_49')
    K = torch.from_numpy(K)
    transl, keypoints, side = _centre(joints, K)
    skeleton = perspective_project(output.joints[:, :24] + transl[:, None], K)
    joints_3d = body.joint_set(output, 'j24')
    joints_3d = joints_3d - joints_3d[:, J24_HIPS].mean(1, keepdim=True)
    columns = dict(
        bbox_cs=torch.cat([K[:, 2:], side], 1),
        kp2d=_with_confidence(keypoints),
        kp3d=_with_confidence(joints_3d),
        pose=pose,
        betas=betas,
        transl=transl,
        K=K,
        skeleton=skeleton,
    )
    columns = {key: value.numpy() for key, value in columns.items()}
    return columns | dict(body_model_id=np.array(body.body_model_id))


def _centre(joints: torch.Tensor, K: torch.Tensor):
    """Translation that puts the box's centre onto the principal point.

    Returns:
        tuple: (N, 3) metres; (N, J, 2) key points in pixels; (N, 1) side of
        the box in pixels.
    """
    transl = torch.zeros(len(joints), 3)
    transl[:, 2] = _DEPTH
    for _ in range(8):
        keypoints = perspective_project(joints + transl[:, None], K)
        low, high = keypoints.amin(1), keypoints.amax(1)
        offset = (low + high) / 2 - K[:, 2:]
        transl[:, :2] -= offset * _DEPTH / K[:, :2]
    side = _BOX_FACTOR * (high - low).amax(1, keepdim=True)
    return transl, keypoints, side


def _with_confidence(points: torch.Tensor) -> torch.Tensor:
    return torch.cat([points, torch.ones_like(points[..., :1])], -1)
