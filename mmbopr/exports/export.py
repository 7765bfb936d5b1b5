"""Write a result or a track in the format that the file's suffix names."""

from pathlib import Path
from typing import Any, Callable, Dict, Optional, Union

import numpy as np

from mmbopr.body_models import SMPL, check_body
from mmbopr.structures import MeshResult, MeshTrack
from mmbopr.utils.atomic import replace_when_complete

from .amass import write_amass
from .animated_glb import write_animated_glb
from .axes import Axes, find_axes
from .bvh import write_bvh
from .glb import write_glb
from .motion import with_mean_shape
from .obj import write_obj
from .ply import write_ply

# Suffix -> what writes it, given (path, result or track, body model, axes).
RESULT_WRITERS: Dict[str, Callable] = {
    '.obj': write_obj,
    '.ply': write_ply,
    '.glb': write_glb,
}
TRACK_WRITERS: Dict[str, Callable] = {
    '.glb': write_animated_glb,
    '.bvh': write_bvh,
    '.npz': write_amass,
}
# What readers expect where it is not y up.
_USUAL_AXIS = {'.npz': 'blender'}


def export_result(
    result: MeshResult,
    path: Union[str, Path],
    body_model: SMPL,
    axis: Optional[str] = None,
) -> None:
    """Write the people of one image as meshes, whole or not at all.

    Args:
        result: With one person or more.
        path: File with a suffix of :data:`RESULT_WRITERS`: ``.obj``,
            ``.ply`` or ``.glb``; missing folders are made.
        body_model: The body that the result belongs to.
        axis: A name of :data:`.AXES`: 'opencv' is the camera frame, as in
            the result; 'opengl' has y up; 'blender' has z up. What the
            format's readers expect if None, which is y up. The origin is
            the camera.

    Raises:
        ValueError: If there is nobody, the body is another one, a number is
            not finite, or suffix or axis are not known.
        OSError: If the file cannot be written.
    """
    write = _find_writer(path, RESULT_WRITERS, TRACK_WRITERS, 'an image')
    axes = _axes_of(path, axis)
    if not len(result):
        raise ValueError(f'{result.img_path}: there is nobody to export')
    _check(result, result.img_path, body_model)
    with replace_when_complete(path) as temporary:
        write(temporary, result, body_model, axes)


def export_track(
    track: MeshTrack,
    path: Union[str, Path],
    body_model: SMPL,
    axis: Optional[str] = None,
    **options: Any,
) -> None:
    """Write the motion of one person, whole or not at all.

    The shape is the mean of the frames' shapes.

    Args:
        track: With one frame or more.
        path: File with a suffix of :data:`TRACK_WRITERS`: ``.glb``,
            ``.bvh`` or ``.npz`` (AMASS); missing folders are made.
        body_model: The body that the track belongs to.
        axis: See :func:`export_result`; AMASS's z up for ``.npz`` if None.
        **options: Of the format's writer.

    Raises:
        ValueError: If there is no frame or they do not rise, the body is
            another one, a number is not finite, or suffix or axis are not
            known.
        OSError: If the file cannot be written.
    """
    write = _find_writer(path, TRACK_WRITERS, RESULT_WRITERS, 'a track')
    axes = _axes_of(path, axis)
    name = f'track {track.track_id}'
    if not len(track) or (np.diff(track.frame) <= 0).any():
        raise ValueError(
            f'{name}: its frames must be one or more rising numbers, found '
            f'{np.array2string(np.asarray(track.frame), threshold=20)}'
        )
    _check(track, name, body_model)
    with replace_when_complete(path) as temporary:
        write(temporary, with_mean_shape(track), body_model, axes, **options)


def _find_writer(path, writers, others, what) -> Callable:
    suffix = Path(path).suffix.lower()
    if suffix in writers:
        return writers[suffix]
    known = f'{what} is exported as {", ".join(sorted(writers))}'
    if suffix in others:
        known += f'; {suffix} is not for {what}'
    raise ValueError(f'{path}: unknown suffix {suffix!r}: {known}')


def _axes_of(path, axis) -> Axes:
    usual = _USUAL_AXIS.get(Path(path).suffix.lower(), 'opengl')
    return find_axes(usual if axis is None else axis)


def _check(exported, name, body_model) -> None:
    check_body(name, exported.body_model_id, body_model)
    for key in ('global_orient', 'body_pose', 'betas', 'cam_t_full'):
        if not np.isfinite(getattr(exported, key)).all():
            raise ValueError(f'{name}: {key} holds NaN or infinity')
