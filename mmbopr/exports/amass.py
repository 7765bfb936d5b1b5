"""Npz files in the layout of AMASS: SMPL-H's pose over time."""

import json
from pathlib import Path
from typing import Dict, Optional, Tuple, Union

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshTrack
from mmbopr.utils.safe_npz import safe_load_npz

from .axes import Axes, find_axes
from .gaps import fill_gaps
from .motion import rest_body, track_facts

# Of the 52 joints of SMPL-H, the pelvis and 21 of the body are SMPL's; 30 of
# the fingers stand where SMPL has two hands.
_POSE_SIZE, _SHARED_SIZE = 156, 66
_NUM_BETAS, _NUM_DMPLS = 16, 8
_BODY_POSE_SIZE = 69
_REQUIRED = ('poses', 'trans', 'betas', 'gender')
# The second name is that of AMASS's later releases.
_FRAME_RATES = ('mocap_framerate', 'mocap_frame_rate')


def write_amass(
    path: Path, track: MeshTrack, body_model: SMPL, axes: Axes
) -> None:
    """Write the arrays that AMASS's files hold.

    ``poses`` (T, 156) axis-angle, ``trans`` (T, 3) metres, ``betas`` (16,),
    ``dmpls`` (T, 8) zeros, ``gender`` and ``mocap_framerate``.
    ``SMPL(...)(betas, poses[:, 3:66] and six zeros, poses[:, :3], trans)``
    is the person in the axes of the file. Fingers are straight, and how
    SMPL's two hand joints turn, which move no other joint, is lost. ``betas``
    are filled up with zeros. Frames in which the person was not found are
    interpolated, ``found`` says which were. ``facts`` is a json text with
    axes, unit and body.

    Args:
        path: The file.
        track: With one frame or more, of one shape.
        body_model: The body that it belongs to.
        axes: Of the file; AMASS has z up.
    """
    dense = fill_gaps(track)
    count, shape = len(dense), track.betas[0]
    orient, trans = _turn(
        dense.global_orient,
        dense.cam_t_full,
        rest_body(shape, body_model)[1][0],
        axes.from_camera,
    )
    poses = np.zeros((count, _POSE_SIZE))
    poses[:, :3] = orient
    poses[:, 3:_SHARED_SIZE] = dense.body_pose[:, : _SHARED_SIZE - 3]
    betas = np.zeros(_NUM_BETAS)
    betas[: len(shape)] = shape
    with open(path, 'wb') as file:
        np.savez_compressed(
            file,
            poses=poses,
            trans=trans,
            betas=betas,
            dmpls=np.zeros((count, _NUM_DMPLS)),
            gender=body_model.gender,
            mocap_framerate=float(track.fps),
            found=np.isin(dense.frame, track.frame),
            facts=json.dumps(track_facts(track, axes)),
        )


def load_amass(
    path: Union[str, Path], body_model: SMPL, axis: Optional[str] = None
) -> MeshTrack:
    """Read a file of AMASS, or one of ours, as a track.

    So a motion can be written in the other formats. Fingers and soft tissue
    are left out.

    Args:
        path: The npz.
        body_model: What to show it with: of the file's gender.
        axis: Of the file, see :data:`.AXES`; if None, what a file of ours
            says, and z up for AMASS's.

    Returns:
        MeshTrack: Before a camera at the file's origin that looks
        horizontally. Its intrinsics and boxes are NaN: there was none.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it has another layout or is of another body, or the axis
            is not known.
    """
    content, facts = _read(Path(path), body_model)
    axes = find_axes(axis or facts.get('axis', 'blender'))
    poses, count = content['poses'], len(content['poses'])
    betas = content['betas'][: body_model.num_betas].astype(np.float32)
    orient, transl = _turn(
        poses[:, :3],
        content['trans'],
        rest_body(betas, body_model)[1][0],
        axes.from_camera.T,
    )
    body_pose = np.zeros((count, _BODY_POSE_SIZE), np.float32)
    body_pose[:, : _SHARED_SIZE - 3] = poses[:, 3:_SHARED_SIZE]
    unknown = np.full((count, 4), np.nan, np.float32)
    return MeshTrack(
        track_id=0,
        fps=float(next(content[k] for k in _FRAME_RATES if k in content)),
        body_model_id=body_model.body_model_id,
        frame=np.arange(count),
        K=unknown,
        global_orient=orient.astype(np.float32),
        body_pose=body_pose,
        betas=np.tile(betas, (count, 1)),
        cam_t_full=transl.astype(np.float32),
        bbox=unknown,
    )


def _turn(orient, transl, pelvis, rotation):
    """Turn a motion about the origin; SMPL turns about its own pelvis."""
    turned = Rotation.from_matrix(rotation) * Rotation.from_rotvec(orient)
    return turned.as_rotvec(), (pelvis + transl) @ rotation.T - pelvis


def _read(path: Path, body_model: SMPL) -> Tuple[Dict, Dict]:
    """Arrays, and what the file says about itself."""
    content = safe_load_npz(path)
    missing = [key for key in _REQUIRED if key not in content]
    if not missing and not any(key in content for key in _FRAME_RATES):
        missing = [_FRAME_RATES[0]]
    if missing:
        raise ValueError(
            f'{path} is not in the layout of AMASS: no {missing}; its keys '
            f'are {sorted(content)}'
        )
    if content['poses'].shape[1:] != (_POSE_SIZE,):
        raise ValueError(
            f'{path}: poses has shape {content["poses"].shape}, expected '
            f"(T, {_POSE_SIZE}): take AMASS's SMPL+H files"
        )
    facts = json.loads(str(content.get('facts', '{}')))
    gender = np.asarray(content['gender']).item()
    gender = gender.decode() if isinstance(gender, bytes) else str(gender)
    found = facts.get('body_model_id', 'smpl'), gender
    given = body_model.body_model_id, body_model.gender
    if found != given:
        raise ValueError(
            f'{path} is of the body {found[0]!r}, {found[1]}, but '
            f'{given[0]!r}, {given[1]}, was given: its shape means nothing '
            'on another body'
        )
    return content, facts
