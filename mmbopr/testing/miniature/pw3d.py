"""3DPW in miniature."""

from pathlib import Path
from typing import Any, Dict, Sequence, Tuple, Union

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.structures import GENDERS

from ..python2_pickle import python2_dumps
from .crowd import Crowd

# SPIN-49 joints in the order of COCO-18: nose, neck; right, left arm; right,
# left leg; eyes and ears, right before left.
COCO_18 = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]


def write_pw3d(
    folder: Union[str, Path],
    sequence: str,
    crowd: Crowd,
    *,
    split: str = 'test',
    invalid: Sequence[Tuple[int, int]] = (),
    unseen: Sequence[Tuple[int, int]] = (),
) -> Path:
    """Add a sequence to a miniature of 3DPW.

    The camera moves: each picture has its own pose of the camera in the
    world.

    Args:
        folder: Root of the data set.
        sequence: Its name.
        crowd: Who is in it.
        split: ``train``, ``validation`` or ``test``.
        invalid: (person, frame) of rows without a camera.
        unseen: (person, frame) of rows without detections.

    Returns:
        Path: The file of the sequence.
    """
    folder = Path(folder)
    pictures = folder / 'imageFiles' / sequence
    pictures.mkdir(parents=True, exist_ok=True)
    for frame in range(crowd.num_frames):
        path = pictures / f'image_{frame:05d}.jpg'
        cv2.imwrite(str(path), crowd.draw(frame))
    record = pw3d_record(sequence, crowd)
    for person, frame in invalid:
        record['campose_valid'][person][frame] = 0
    for person, frame in unseen:
        record['poses2d'][person][frame] = 0
    path = folder / 'sequenceFiles' / split / f'{sequence}.pkl'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(python2_dumps(record))
    return path


def pw3d_record(sequence: str, crowd: Crowd) -> Dict[str, Any]:
    """The content of a sequence's file."""
    rng = np.random.default_rng(1)
    F = crowd.num_frames
    turn = Rotation.random(F, random_state=2)
    offset = rng.normal(0, 3, (F, 3))
    extrinsics = np.tile(np.eye(4), (F, 1, 1))
    extrinsics[:, :3, :3], extrinsics[:, :3, 3] = turn.as_matrix(), offset
    people = [
        _person(crowd, crowd.of_person(person), turn, offset)
        for person in range(crowd.num_people)
    ]
    fx, fy, cx, cy = crowd.K
    return {key: [p[key] for p in people] for key in people[0]} | {
        'sequence': sequence,
        'img_frame_ids': 2 * np.arange(F) + 7,
        'cam_poses': extrinsics,
        'cam_intrinsics': np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]]),
        'texture_maps': [],
    }


def _person(
    crowd: Crowd, rows: np.ndarray, turn: Rotation, offset: np.ndarray
) -> Dict:
    """Fields that hold one entry a person, in the world frame."""
    pose = crowd.pose[rows].copy()
    pose[:, 0] = (turn.inv() * Rotation.from_rotvec(pose[:, 0])).as_rotvec()
    pelvis = turn.inv().apply(crowd.smpl_45[rows, 0] - offset)
    pixels = crowd.project(crowd.spin_49[rows])[:, COCO_18]
    detections = np.full((rows.sum(), 3, 18), 0.8)
    detections[:, :2] = pixels.swapaxes(1, 2)
    detections[:, :, 16:] = 0  # ears, which were not found
    gender = GENDERS[crowd.gender[rows][0]]
    return {
        'poses': pose.reshape(-1, 72),
        'poses_60Hz': np.zeros((2 * len(pose) + 9, 72)),
        # Where the pelvis is, less where the shape puts it.
        'trans': pelvis - crowd.pelvis[rows],
        # Some files hold more than SMPL's ten.
        'betas': np.append(crowd.betas[rows][0], np.full(290, 9.0)),
        'genders': gender[0],
        'poses2d': detections,
        'campose_valid': np.ones(rows.sum()),
    }
