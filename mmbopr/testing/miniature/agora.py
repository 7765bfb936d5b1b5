"""AGORA in miniature."""

import pickle
from pathlib import Path
from typing import Any, Dict, Sequence, Tuple, Union

import cv2
import numpy as np
import torch
from scipy.spatial.transform import Rotation

from ..foreign_pickle import dataframe, foreign_dumps
from .crowd import Crowd, make_crowd

SIZE = (384, 216)  # a tenth of the annotated 3840x2160
NAME = 'ag_trainset_renderpeople_{}_5_10_{:05d}'
FREE = 'archviz'

# Kind of picture -> focal length in mm, place in Unreal's cm, yaw, pitch.
CAMERAS = {
    'hdri_50mm': (50, (0, 0, 170), 0, 0),
    'cam00': (18, (400, -275, 265), 135, 30),
    'cam01': (18, (400, 225, 265), -135, 30),
    'cam02': (18, (-490, 170, 265), -45, 30),
    'cam03': (18, (-490, -275, 265), 45, 30),
    'body_ag2': (28, (0, 0, 170), 0, 15),
    FREE: (28, (120, -80, 150), 33, 0),
}


def make_agora_crowd(kind: str, num_frames: int = 2, **kwargs) -> Crowd:
    """A crowd before the camera of a kind of picture."""
    focal = CAMERAS[kind][0] / 36 * SIZE[0]
    K = np.array([focal, focal, SIZE[0] / 2, SIZE[1] / 2])
    return make_crowd(num_frames, K=K, image_size=SIZE, **kwargs)


def write_agora(
    folder: Union[str, Path],
    crowd: Crowd,
    kind: str,
    *,
    number: int = 0,
    split: str = 'train',
    kids: Sequence[int] = (),
    invalid: Sequence[Tuple[int, int]] = (),
    occlusion: float = 25.0,
    with_joints: bool = True,
) -> Path:
    """Write a dataframe, its pictures and its fits.

    Args:
        folder: Root of the data set.
        crowd: Made by :func:`make_agora_crowd`.
        kind: Key of :data:`CAMERAS`.
        number: Of the dataframe.
        split: ``train`` or ``validation``.
        kids: People who are children: smaller than their fit's ten shape
            components say.
        invalid: (person, frame) that are not valid.
        occlusion: Percent of the first person; others are 10 less each.
        with_joints: Whether the dataframe holds joints and vertices.

    Returns:
        Path: The dataframe.
    """
    folder = Path(folder)
    (folder / split).mkdir(parents=True, exist_ok=True)
    columns: Dict[str, list] = {}
    for frame in range(crowd.num_frames):
        name = NAME.format(kind, 100 * number + frame)
        path = folder / split / f'{name}_1280x720.png'
        cv2.imwrite(str(path), crowd.draw(frame))
        people = []
        for row in np.flatnonzero(crowd.frame == frame):
            person = int(crowd.person[row])
            fields = _scan(folder, crowd, row, kind, name, person in kids)
            fields['occlusion'] = max(0.0, occlusion - 10 * person)
            fields['isValid'] = (person, frame) not in invalid
            if with_joints:
                fields |= _joints(crowd, row, 0.7 if person in kids else 1)
            people.append(fields)
        picture = {'imgPath': f'{name}.png', **_free_camera(kind)}
        picture |= {key: [x[key] for x in people] for key in people[0]}
        for key, value in picture.items():
            columns.setdefault(key, []).append(value)
    name = f'{split}_{number}{"_withjv" if with_joints else ""}.pkl'
    return _write_frame(folder / 'SMPL' / name, columns)


def _write_frame(path: Path, columns: Dict[str, list]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(foreign_dumps(dataframe(columns)))
    return path


def _scan(
    folder: Path, crowd: Crowd, row: int, kind: str, name: str, kid: bool
) -> Dict[str, Any]:
    """Fields that tell who stands where."""
    (x, y, z), yaw = _write_fit(folder, crowd, row, kind, name, kid)
    return {
        'X': x,
        'Y': y,
        'Z': z,
        'Yaw': yaw,
        'gender': 'female',
        'kid': kid,
        'age': '31-50',
        'gt_path_smpl': _fit_name(name, row),
    }


def _free_camera(kind: str) -> Dict[str, float]:
    # Scenes with a fixed camera hold numbers too, which mean nothing.
    if kind != FREE:
        return {'camX': 1.0, 'camY': 2.0, 'camZ': 3.0, 'camYaw': 4.0}
    _, (x, y, z), yaw, _ = CAMERAS[kind]
    return {'camX': x, 'camY': y, 'camZ': z, 'camYaw': yaw}


def _fit_name(name: str, row: int) -> str:
    return f'smpl_gt/trainset/{name}_{row}.obj'


def _turn(axis: str, degrees: float) -> np.ndarray:
    """Rotation matrix about x or y."""
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    if axis == 'x':
        return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _write_fit(
    folder: Path, crowd: Crowd, row: int, kind: str, name: str, kid: bool
) -> Tuple[np.ndarray, float]:
    """Write the fit of a scan; its place in Unreal's cm and its yaw."""
    rng = np.random.default_rng(row)
    yaw, transl = rng.uniform(-180, 180), rng.normal(0, 0.1, 3)
    _, position, camera_yaw, pitch = CAMERAS[kind]
    camera = _turn('x', pitch) @ _turn('y', -camera_yaw)
    local = camera @ _turn('y', yaw - 90) @ np.diag([1.0, -1, -1])
    root = Rotation.from_rotvec(crowd.pose[row, 0])
    root = Rotation.from_matrix(local).inv() * root
    betas = crowd.betas[row]
    fit: Dict[str, Any] = {
        'root_pose': root.as_rotvec()[None, None],
        'body_pose': crowd.pose[row, None, 1:],
        'betas': np.append(betas, 0.4)[None] if kid else betas[None],
        'translation': transl[None],
    }
    path = (folder / _fit_name(name, row)).with_suffix('.pkl')
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {
        key: torch.tensor(x, dtype=torch.float32, requires_grad=True)
        for key, x in fit.items()
    }
    path.write_bytes(pickle.dumps(tensors, 4))
    pelvis = crowd.pelvis[row]
    seen = crowd.smpl_45[row, 0] - local @ (pelvis + transl)
    x, y, z = position
    centre = np.array([y, -z, x]) / 100
    if kind == FREE:
        centre = centre - [0, 1.7, 0]
    right, down, forward = camera.T @ seen + centre
    return 100 * np.array([forward, right, -down]), yaw


def _joints(crowd: Crowd, row: int, size: float) -> Dict[str, np.ndarray]:
    """Joints and vertices of a body of another size about its pelvis."""
    joints, vertices = (
        crowd.smpl_45[row, 0] + size * (points - crowd.smpl_45[row, 0])
        for points in (crowd.smpl_45[row], crowd.vertices[row])
    )
    return {
        'gt_joints_2d': crowd.project(joints) * 3840 / SIZE[0],
        'gt_joints_3d': joints,
        'gt_verts': vertices,
    }
