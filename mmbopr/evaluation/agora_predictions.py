"""Predictions for AGORA, as its server takes them."""

import re
import zipfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple, Union

import numpy as np
import torch
from torch import nn

from mmbopr.datasets.converters import ConversionError
from mmbopr.datasets.converters.raw_files import take, take_any
from mmbopr.structures import NEUTRAL, SMPL_24
from mmbopr.utils.rotation import axis_angle_to_matrix
from mmbopr.utils.safe_load import safe_load_pickle, safe_load_stream
from mmbopr.utils.safe_npz import UNREADABLE_NPZ

from .agora_submission import picture_name
from .bodies import pose_bodies
from .functional import AgoraPeople

_NAME = re.compile(r'(.+)_personId_\d+\.pkl')
_BATCH = 256


class _Person(NamedTuple):
    """One pickle."""

    where: Path
    record: Dict[str, Any]


def read_agora_predictions(
    path: Union[str, Path], body_model: nn.Module
) -> AgoraPeople:
    """Read a zip, or a folder, with a pickle a person.

    Both documented forms are understood: vertices and joints, and the
    parameters of adults.  Nothing in the pickles is executed.

    Args:
        path: The zip file or the folder.
        body_model: The ``GenderedSMPL`` that poses parameters.

    Raises:
        FileNotFoundError: If there is neither.
        ConversionError: If there is nobody, or somebody is not as
            documented; names file and key.
    """
    people = list(_read_people(Path(path)))
    if not people:
        raise ConversionError(
            f'{path}: holds no IMAGE_personId_NUMBER.pkl; see the format of '
            'the predictions of agora_evaluation'
        )
    joints, vertices = _bodies(people, body_model)
    names = [_NAME.fullmatch(x.where.name)[1] for x in people]
    return AgoraPeople(
        np.array([picture_name(f'{name}.png') for name in names]),
        _pixels(people),
        joints,
        vertices,
    )


def _read_people(path: Path) -> Iterator[_Person]:
    """All pickles, sorted by their names as the server does."""
    if not path.exists():
        raise FileNotFoundError(f'there are no predictions {path}')
    if path.is_dir():
        for file in sorted(path.rglob('*.pkl')):
            if _NAME.fullmatch(file.name):
                yield _Person(file, safe_load_pickle(file))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                where = path / name
                if _NAME.fullmatch(where.name):
                    with archive.open(name) as file:
                        yield _Person(where, safe_load_stream(file, where))
    except UNREADABLE_NPZ as error:
        raise ConversionError(
            f'{path}: is neither a folder nor a whole zip file ({error})'
        ) from error


def _pixels(people: List[_Person]) -> np.ndarray:
    """(N, K, 2) 2D joints; who has less than K has the last again.

    Boxes span all that are given, which repetition does not change.
    """
    joints = [_points(x.record, 'joints', 2, x.where) for x in people]
    most = max(map(len, joints))
    return np.stack(
        [np.pad(x, ((0, most - len(x)), (0, 0)), 'edge') for x in joints]
    )


def _points(
    record: Dict[str, Any], key: str, width: int, where: Path
) -> np.ndarray:
    """(K, width) numbers; some write a leading dimension of one."""
    array = np.squeeze(np.asarray(take_any(record, key, where), np.float64))
    array = take({key: array}, key, (None, width), where)
    if len(array) < len(SMPL_24) or not np.isfinite(array).all():
        raise ConversionError(
            f'{where}: {key!r} must hold at least {len(SMPL_24)} finite '
            f'points, found shape {array.shape}'
        )
    return array


def _bodies(
    people: List[_Person], body_model: nn.Module
) -> Tuple[np.ndarray, np.ndarray]:
    """Joints (N, 24, 3) and vertices (N, V, 3) in metres."""
    V = body_model.num_vertices
    joints = np.zeros((len(people), len(SMPL_24), 3))
    vertices = np.zeros((len(people), V, 3), np.float32)
    posed = []
    for row, (where, record) in enumerate(people):
        if 'verts' not in record:
            posed.append(row)
            continue
        given = _points(record, 'allSmplJoints3d', 3, where)
        joints[row] = given[: len(SMPL_24)]
        found = _points(record, 'verts', 3, where)
        vertices[row] = take({'verts': found}, 'verts', (V, 3), where)
    for start in range(0, len(posed), _BATCH):
        rows = posed[start : start + _BATCH]
        parameters = [_parameters(people[row]) for row in rows]
        vertices[rows], joints[rows] = _pose(parameters, body_model)
    return joints, vertices


def _parameters(person: _Person) -> Tuple[np.ndarray, ...]:
    """Rotations (24, 3, 3), betas (10,) and translation (3,)."""
    where, record = person
    if record.get('kid_flag') or record.get('age') == 'kid':
        raise ConversionError(
            f'{where}: is a child, whose template SMPL does not have; give '
            "'verts' and 'allSmplJoints3d' instead of 'params'"
        )
    params = take_any(record, 'params', where)
    shape = (3,) if record.get('pose2rot', True) else (3, 3)
    pose = np.concatenate(
        [
            take(params, 'global_orient', (1, 1, *shape), where)[0],
            take(params, 'body_pose', (1, 23, *shape), where)[0],
        ]
    )
    if shape == (3,):
        pose = axis_angle_to_matrix(torch.from_numpy(pose)).numpy()
    return (
        pose,
        take(params, 'betas', (1, 10), where)[0],
        take(params, 'transl', (1, 3), where)[0],
    )


@torch.no_grad()
def _pose(
    parameters: List[Tuple[np.ndarray, ...]], body_model: nn.Module
) -> Tuple[np.ndarray, np.ndarray]:
    """Vertices (N, V, 3) and joints (N, 24, 3)."""
    pose, betas, transl = (
        torch.from_numpy(np.stack(x)).float()
        for x in zip(*parameters, strict=True)
    )
    gender = torch.full((len(pose),), NEUTRAL)
    posed = pose_bodies(body_model, pose, betas, gender, SMPL_24.name)
    return tuple((x + transl[:, None]).numpy() for x in posed)
