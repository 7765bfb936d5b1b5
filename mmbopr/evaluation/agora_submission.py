"""From a dump to what AGORA's server takes: one pickle a person, in a zip.

The parameter form of the documented format: the server poses SMPL itself and
matches people by the 24 joints of its tree, in pixels of 3840x2160.
"""

import zipfile
from pathlib import Path
from typing import Any, Dict, List, Tuple, Union

import numpy as np
import torch
from mmengine.utils import track_iter_progress
from torch import nn

from mmbopr.structures import NEUTRAL, SMPL_24
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.camera import perspective_project
from mmbopr.utils.portable_pickle import dumps_portable

from .bodies import pose_bodies
from .dump import EvaluationDump

FULL_SIZE = (3840, 2160)
_BATCH = 256  # people posed at a time
# What the small copies of the pictures are called besides.
_SMALL = '_1280x720'
_NEEDED = ('img_path', 'img_hw', 'cam_transl_full', 'K_full')

# Documented arrays of a person and their shapes.
_SHAPES: Dict[str, Tuple[int, ...]] = {
    'joints': (24, 2),
    'params/transl': (1, 3),
    'params/betas': (1, 10),
    'params/global_orient': (1, 1, 3, 3),
    'params/body_pose': (1, 23, 3, 3),
}
_CONSTANTS = dict(pose2rot=False, gender='neutral', age='adult', num_betas=10)


def write_submission(
    dump: EvaluationDump, body_model: nn.Module, path: Union[str, Path]
) -> int:
    """Write the zip; it is either complete and checked, or not there.

    Args:
        dump: Of predictions in SMPL, with pictures and cameras.
        body_model: The ``GenderedSMPL`` of the predictions.
        path: The zip file.

    Returns:
        int: Number of pictures.

    Raises:
        ValueError: If the dump lacks what it takes, is of another body than
            SMPL, or a person does not come out as documented.
    """
    joints = project_joints(dump, body_model)
    names = person_names(dump.img_path)
    with (
        replace_when_complete(path) as temporary,
        zipfile.ZipFile(temporary, 'w', zipfile.ZIP_DEFLATED) as archive,
    ):
        for row, name in track_iter_progress((enumerate(names), len(names))):
            person = person_record(dump, row, joints[row])
            check_person(person, name)
            # Without a date, so that equal predictions give equal files.
            entry = zipfile.ZipInfo(f'predictions/{name}')
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, dumps_portable(person))
    return len({picture_name(image) for image in dump.img_path})


@torch.no_grad()
def project_joints(dump: EvaluationDump, body_model: nn.Module) -> np.ndarray:
    """Joints of SMPL's tree in the pictures, by the full image's camera.

    Args:
        dump: With pictures and cameras.
        body_model: The ``GenderedSMPL`` of the predictions.

    Returns:
        np.ndarray: (N, 24, 2) in pixels of 3840x2160.
    """
    _check_dump(dump, body_model)
    device = next(body_model.buffers()).device
    pixels = []
    for start in range(0, len(dump), _BATCH):
        rows = slice(start, start + _BATCH)
        pose, betas, transl, K = (
            torch.from_numpy(array[rows]).to(device)
            for array in (
                dump.pred_pose,
                dump.pred_betas,
                dump.cam_transl_full,
                dump.K_full,
            )
        )
        gender = torch.full((len(pose),), NEUTRAL, device=device)
        _, joints = pose_bodies(body_model, pose, betas, gender, SMPL_24.name)
        projected = perspective_project(joints + transl[:, None], K)
        pixels.append(projected.double().cpu().numpy())
    scale = FULL_SIZE[0] / dump.img_hw[:, 1]
    return np.concatenate(pixels) * scale[:, None, None]


def picture_name(image: str) -> str:
    """The name that the server knows a picture by: no folder, no size."""
    return Path(image).stem.removesuffix(_SMALL)


def person_names(images: np.ndarray) -> List[str]:
    """``IMAGENAME_personId_K.pkl`` of each row; K counts in a picture."""
    counts: Dict[str, int] = {}
    names = []
    for name in map(picture_name, images):
        number = counts.get(name, 0)
        counts[name] = number + 1
        names.append(f'{name}_personId_{number}.pkl')
    return names


def person_record(
    dump: EvaluationDump, row: int, joints: np.ndarray
) -> Dict[str, Any]:
    """What the server is told of one person."""
    pose = dump.pred_pose[row]
    params = dict(
        transl=dump.cam_transl_full[row : row + 1],
        betas=dump.pred_betas[row : row + 1],
        global_orient=pose[None, :1],
        body_pose=pose[None, 1:],
    )
    return dict(joints=joints, params=params, **_CONSTANTS)


def check_person(person: Dict[str, Any], name: str) -> None:
    """Check keys, types and shapes as documented, and numbers besides.

    Raises:
        ValueError: Naming file and key.
    """
    arrays = {'joints': person.get('joints')}
    arrays.update(
        {f'params/{k}': v for k, v in person.get('params', {}).items()}
    )
    for key in sorted({*_SHAPES, *arrays}):
        array, shape = arrays.get(key), _SHAPES.get(key)
        if type(array) is not np.ndarray or array.shape != shape:
            found = getattr(array, 'shape', array)
            raise ValueError(
                f'{name}: {key} must be a NumPy array of shape {shape}, found '
                f'{type(array).__name__} {found}'
            )
        if array.dtype.kind != 'f' or not np.isfinite(array).all():
            raise ValueError(
                f'{name}: {key} must hold finite numbers, found {array.dtype} '
                f'with {np.isnan(array).sum()} NaN'
            )
    constants = {k: v for k, v in person.items() if k in _CONSTANTS}
    if constants != _CONSTANTS:
        raise ValueError(f'{name}: expected {_CONSTANTS}, found {constants}')


def _check_dump(dump: EvaluationDump, body_model: nn.Module) -> None:
    if len(dump) == 0:
        raise ValueError('dump: holds nobody, there is nothing to submit')
    missing = [name for name in _NEEDED if getattr(dump, name) is None]
    if missing:
        raise ValueError(
            f'dump: has no {missing}; write it again with `python '
            'tools/test.py ... --dump FILE`'
        )
    bodies = dump.protocol.get('body_model_id'), body_model.body_model_id
    if set(bodies) != {'smpl'}:
        raise ValueError(
            "AGORA's server poses SMPL, but the dump is of "
            f'{bodies[0]!r} and the body model is {bodies[1]!r}; predict with '
            'SMPL, and give the folder of its files'
        )
    width, height = FULL_SIZE
    odd = dump.img_hw[:, 1] * height != dump.img_hw[:, 0] * width
    if odd.any():
        row = int(np.flatnonzero(odd)[0])
        raise ValueError(
            f'{dump.img_path[row]}: expected a picture of 16:9, found height '
            f'and width {dump.img_hw[row].tolist()}; predict on the original '
            'pictures, or on their copies of 1280x720'
        )
