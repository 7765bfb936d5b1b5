"""EFT's annotations in miniature."""

import json
from pathlib import Path
from typing import Dict, List, Union

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from .crowd import Crowd, make_crowd

_IMAGE_SIZE = (320, 240)
SIDE = 280  # px of everyone's box, which lies around the principal point


def make_eft_crowd(num_frames: int = 2) -> Crowd:
    """A crowd seen by SPIN's camera of a box of :data:`SIDE` px.

    Args:
        num_frames: Pictures.

    Returns:
        Crowd: Which EFT can describe exactly.
    """
    focal = 5000 * SIDE / 224
    width, height = _IMAGE_SIZE
    K = np.array([focal, focal, width / 2 + 3, height / 2 - 5])
    return make_crowd(num_frames, K=K, image_size=_IMAGE_SIZE)


def write_eft(
    folder: Union[str, Path],
    crowd: Crowd,
    *,
    name: str = 'COCO2014-All-ver01.json',
    pictures: str = 'train2014',
    picture: str = 'COCO_train2014_%012d.jpg',
) -> Path:
    """Write a json file of EFT and its pictures.

    Args:
        folder: Root of the data set.
        crowd: Made by :func:`make_eft_crowd`.
        name: Of the json file.
        pictures: Folder of the pictures.
        picture: How they are numbered.

    Returns:
        Path: The json file.
    """
    folder = Path(folder)
    (folder / pictures).mkdir(parents=True, exist_ok=True)
    for frame in range(crowd.num_frames):
        path = folder / pictures / (picture % frame)
        cv2.imwrite(str(path), crowd.draw(frame))
    path = folder / 'eft_fit' / name
    path.parent.mkdir(exist_ok=True)
    content = {'ver': 0.1, 'data': eft_records(crowd, picture)}
    path.write_text(json.dumps(content))
    return path


def eft_records(crowd: Crowd, picture: str) -> List[Dict]:
    """The people of a json file, in the order of the crowd."""
    matrices = Rotation.from_rotvec(crowd.pose.reshape(-1, 3)).as_matrix()
    # As rounded as those of a file that was written in single precision.
    noise = np.random.default_rng(3).normal(0, 1e-4, matrices.shape)
    matrices = (matrices + noise).reshape(len(crowd), 24, 3, 3)
    keypoints = np.ones((len(crowd), 49, 3))
    keypoints[..., :2] = crowd.project(crowd.spin_49)
    keypoints[:, 47:] = 0
    scale = 2 * 5000 / (224 * crowd.transl[:, 2])
    return [
        {
            'parm_pose': matrices[row].tolist(),
            'parm_shape': crowd.betas[row].tolist(),
            'parm_cam': [scale[row], *crowd.transl[row, :2]],
            'bbox_scale': SIDE / 200,
            'bbox_center': crowd.K[2:].tolist(),
            'gt_keypoint_2d': keypoints[row].tolist(),
            'joint_validity_openpose18': [True] * 18,
            'smpltype': 'smpl',
            'annotId': 1000 + row,
            'imageName': picture % crowd.frame[row],
            'subjectId': None,
        }
        for row in range(len(crowd))
    ]
