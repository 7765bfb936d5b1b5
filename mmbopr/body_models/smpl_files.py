"""Find and read official SMPL files, as users have them.

A file is recognised by its keys and shapes, not by its name, and nothing in
it is executed (:mod:`mmbopr.utils.safe_load`).
"""

import re
from pathlib import Path
from typing import Dict, List, Optional, Union

import numpy as np
from mmengine.logging import print_log

from mmbopr.structures import GENDERS
from mmbopr.utils.safe_load import safe_load_pickle
from mmbopr.utils.safe_npz import load_plain_npz

from .body_data import BodyData, check_kintree, cut_betas

SMPL_PAGE = 'https://smpl.is.tue.mpg.de'
SMPL_VERTICES = 6890

# Surface joints of SMPL's mesh: nose, right and left eye and ear; left and
# right big toe, small toe and heel; left and right finger tips (smplx).
SMPL_VERTEX_JOINT_IDS = (
    332, 6260, 2800, 4071, 583, 3216, 3226, 3387, 6617, 6624, 6787,
    2746, 2319, 2445, 2556, 2673, 6191, 5782, 5905, 6016, 6133,
)  # fmt: skip

_KEYS = (
    'v_template', 'shapedirs', 'posedirs', 'J_regressor', 'kintree_table',
    'weights', 'f',
)  # fmt: skip

# (vertices, joints) of bodies that are not SMPL.
_OTHER_BODIES = {
    (10475, 55): 'SMPL-X',
    (6890, 52): 'SMPL-H',
    (778, 16): 'MANO',
    (5023, 5): 'FLAME',
}

# One file per gender, the better-known name first.
_NAME_PATTERNS = (
    r'smpl_{long}\.(pkl|npz)',
    r'basicmodel_({short}|{long})_lbs_.*\.(pkl|npz)',
)
_SHORT = {'male': 'm', 'female': 'f', 'neutral': 'n'}


def find_smpl_file(model_path: Union[str, Path], gender: str) -> Path:
    """The SMPL file of a gender.

    Args:
        model_path: A file, or a folder with files under their official
            names (or with a sub-folder ``smpl`` of them).
        gender: 'neutral', 'male' or 'female'.

    Raises:
        FileNotFoundError: If there is none; says where to get it.
        ValueError: If ``gender`` is none of the three.
    """
    if gender not in GENDERS:
        raise ValueError(f'gender is {gender!r}, expected one of {GENDERS}')
    model_path = Path(model_path)
    path = _search(model_path, gender)
    if path is not None:
        return path
    wanted = model_path
    if not model_path.suffix:
        wanted = model_path / f'SMPL_{gender.upper()}.pkl'
    raise FileNotFoundError(
        f'no {gender} SMPL model at {model_path}. Register at {SMPL_PAGE}, '
        f'download "SMPL for Python", and put the {gender} model to '
        f"{wanted} (its original name works too). Or use model_path='open', "
        'the body that needs no registration'
    )


def has_smpl_file(model_path: Union[str, Path], gender: str) -> bool:
    """Whether :func:`find_smpl_file` finds one."""
    return _search(Path(model_path), gender) is not None


def _search(model_path: Path, gender: str) -> Optional[Path]:
    if model_path.is_file():
        return model_path
    names = {'long': gender, 'short': _SHORT[gender]}
    for folder in filter(Path.is_dir, [model_path / 'smpl', model_path]):
        for pattern in _NAME_PATTERNS:
            regex = re.compile(pattern.format(**names), re.IGNORECASE)
            found = sorted(filter(regex.fullmatch, _listing(folder)))
            if found:
                return folder / found[-1]
    return None


def _listing(folder: Path) -> List[str]:
    return [path.name for path in folder.iterdir()]


def load_smpl(
    model_path: Union[str, Path], gender: str, num_betas: int
) -> BodyData:
    """Read an official SMPL file and the regressors beside it.

    ``J_regressor_extra.npy``, ``J_regressor_h36m.npy`` (SPIN's data archive)
    and ``smpl_partSegmentation_mapping.pkl`` (PARE's) are used if they lie
    in the folder of the model.

    Args:
        model_path: See :func:`find_smpl_file`.
        gender: 'neutral', 'male' or 'female'.
        num_betas: Shape components to keep.

    Returns:
        BodyData: With ``body_model_id`` 'smpl'.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not a SMPL body; says what it is.
    """
    path = find_smpl_file(model_path, gender)
    arrays = read_smpl_arrays(path)
    weights = arrays['weights'].astype(np.float32)
    return BodyData(
        body_model_id='smpl',
        v_template=arrays['v_template'].astype(np.float32),
        shapedirs=cut_betas(
            arrays['shapedirs'].astype(np.float32), num_betas, str(path)
        ),
        posedirs=arrays['posedirs'].astype(np.float32),
        J_regressor=arrays['J_regressor'].astype(np.float32),
        weights=weights,
        faces=arrays['f'].astype(np.int64),
        part_labels=_read_part_labels(path.parent, weights),
        vertex_joint_ids=np.array(SMPL_VERTEX_JOINT_IDS),
        regressor_folder=str(path.parent),
        **_read_regressors(path.parent),
    ).check(str(path))


def read_smpl_arrays(path: Path) -> Dict[str, np.ndarray]:
    """The arrays of an official SMPL file, whatever its format.

    Args:
        path: ``.pkl`` or ``.npz``.

    Returns:
        dict: Under SMPL's own keys, as they are in the file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a SMPL body; says what it is.
    """
    arrays = _read_arrays(path)
    _check_is_smpl(arrays, path)
    check_kintree(arrays['kintree_table'], str(path))
    return arrays


def _read_arrays(path: Path) -> Dict[str, np.ndarray]:
    if path.suffix == '.npz':
        content = _read_npz(path)
    else:
        content = safe_load_pickle(path)
    keys = sorted(content) if isinstance(content, dict) else []
    missing = [key for key in _KEYS if key not in keys]
    if missing:
        raise ValueError(
            f'{path} is not a SMPL body: no {missing}; it is a '
            f'{type(content).__name__} with keys {keys[:12]}'
        )
    arrays = {key: content[key] for key in _KEYS}
    for key, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind not in 'iuf':
            raise ValueError(
                f'{path}: {key} is not an array of numbers but '
                f'{type(array).__name__}'
            )
    return arrays


def _read_npz(path: Path) -> Dict[str, np.ndarray]:
    try:
        return load_plain_npz(path, _KEYS)
    except ValueError as error:
        raise ValueError(
            f'{path} cannot be read as an .npz of plain arrays ({error}). '
            f'Download it again from {SMPL_PAGE}'
        ) from error


def _check_is_smpl(arrays: Dict[str, np.ndarray], path: Path) -> None:
    V, J = len(arrays['v_template']), arrays['weights'].shape[-1]
    if (V, J) == (SMPL_VERTICES, 24):
        return
    other = _OTHER_BODIES.get((V, J), 'another body')
    raise ValueError(
        f'{path} is {other}: {V} vertices and {J} joints, SMPL has '
        f'{SMPL_VERTICES} and 24. Get SMPL from {SMPL_PAGE}'
    )


def _read_regressors(folder: Path) -> Dict[str, np.ndarray]:
    """Those of SPIN's regressor files that are there."""
    regressors = {}
    for name in ('J_regressor_extra', 'J_regressor_h36m'):
        path = folder / f'{name}.npy'
        if not path.is_file():
            continue
        matrix = np.load(path).astype(np.float32)
        if matrix.shape[-1:] != (SMPL_VERTICES,):
            raise ValueError(
                f'{path} has shape {matrix.shape}: it is for a mesh of '
                f'another size than SMPL ({SMPL_VERTICES} vertices)'
            )
        regressors[name] = matrix
    return regressors


def _read_part_labels(folder: Path, weights: np.ndarray) -> np.ndarray:
    """PARE's vertex labels if they are there, else the strongest joint."""
    strongest = weights.argmax(1)
    path = folder / 'smpl_partSegmentation_mapping.pkl'
    if not path.is_file():
        return strongest
    labels = np.asarray(safe_load_pickle(path)['smpl_index'], np.int64)
    if labels.shape != strongest.shape:
        raise ValueError(
            f'{path}: smpl_index has shape {labels.shape}, expected '
            f'{strongest.shape}'
        )
    differ = int((labels != strongest).sum())
    print_log(
        f'part labels from {path}: {differ} of {len(labels)} vertices differ '
        'from the joint with the largest skinning weight',
        'current',
    )
    return labels
