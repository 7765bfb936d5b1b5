"""3DOH50K in miniature."""

import json
from pathlib import Path
from typing import Dict, Union

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from .crowd import Crowd

UNIT = 7.0  # what the 3D joints of the data set seem to be multiplied by


def write_oh50k3d(
    folder: Union[str, Path], crowd: Crowd, *, split: str = 'test'
) -> Path:
    """Write a split.

    Args:
        folder: Root of the data set.
        crowd: One person a picture.
        split: ``train``, with masks, or ``test``, without.

    Returns:
        Path: The json file.
    """
    folder = Path(folder) / f'{split}set'
    (folder / 'images').mkdir(parents=True, exist_ok=True)
    for frame in range(crowd.num_frames):
        path = folder / 'images' / f'{frame:05d}.jpg'
        cv2.imwrite(str(path), crowd.draw(frame))
    path = folder / 'annots.json'
    path.write_text(json.dumps(oh50k3d_records(crowd)))
    return path


def oh50k3d_records(crowd: Crowd) -> Dict[str, Dict]:
    """The content of ``annots.json``."""
    fx, fy, cx, cy = crowd.K
    records = {}
    for row in range(len(crowd)):
        extrinsics = np.eye(4)
        turn = Rotation.random(random_state=row)
        extrinsics[:3, :3] = turn.as_matrix()
        pose = crowd.pose[row].copy()
        pose[0] = (turn.inv() * Rotation.from_rotvec(pose[0])).as_rotvec()
        joints_24, lsp = crowd.smpl_45[row, :24], crowd.j24[row, :14]
        pixels = crowd.project(crowd.spin_49[row])
        name = f'{crowd.frame[row]:05d}'
        records[name] = {
            # The slash of Windows, as in some releases.
            'img_path': f'images\\{name}.jpg',
            'mask_path': f'masks/{name}.png',
            'extri': extrinsics.tolist(),
            'intri': [[fx, 0, cx], [0, fy, cy], [0, 0, 1]],
            'bbox': [pixels.min(0).tolist(), pixels.max(0).tolist()],
            'pose': [pose.ravel().tolist()],
            'betas': [crowd.betas[row].tolist()],
            'trans': [[0.3, 0.2, 0.1]],
            'scale': [1.1],
            'smpl_joints_2d': crowd.project(joints_24).tolist(),
            'smpl_joints_3d': (UNIT * joints_24).tolist(),
            'lsp_joints_2d': crowd.project(lsp).tolist(),
            'lsp_joints_3d': (UNIT * lsp).tolist(),
        }
    return records
