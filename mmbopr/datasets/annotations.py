"""The unified annotation file: one npz, one row per person crop."""

from pathlib import Path
from typing import Dict

import numpy as np

from mmbopr.structures import (
    ANNOTATION_FORMAT,
    COCO_17,
    GENDERS,
    J24,
    SMPL_24,
    SPIN_49,
)

from .npz import map_npz

OPEN_PEOPLE_COMMAND = (
    'python tools/dataset_converters/make_open_people.py '
    '--out data/open_people'
)

# key -> (kinds of dtype, shape of a row); see docs/data_format.md.
REQUIRED_COLUMNS = {
    'img_path': ('U', ()),
    'img_hw': ('iu', (2,)),
    'bbox_cs': ('f', (3,)),
    'kp2d': ('f', (len(SPIN_49), 3)),
    'kp3d': ('f', (len(J24), 4)),
    'pose': ('f', (len(SMPL_24), 3)),
    'betas': ('f', (10,)),
    'transl': ('f', (3,)),
    'gender': ('iu', ()),
    'K': ('f', (4,)),
    'has_smpl': ('b', ()),
    'has_kp3d': ('b', ()),
    'has_kp2d': ('b', ()),
    'seq': ('Uiu', ()),
    'frame': ('Uiu', ()),
    'person': ('Uiu', ()),
    'dataset': ('U', ()),
}
OPTIONAL_COLUMNS = {
    'occlusion': ('f', ()),
    'visible': ('b', (len(SPIN_49),)),
    'split': ('U', ()),
    'kid': ('b', ()),
    'keypoint_prompts': ('f', (len(COCO_17), 3)),
}
REQUIRED_SCALARS = ('format', 'body_model_id')

# Columns that mean something, and must be finite, where their flag is set.
FLAG_OF = {
    'pose': 'has_smpl',
    'betas': 'has_smpl',
    'kp3d': 'has_kp3d',
    'kp2d': 'has_kp2d',
}
_KIND_NAMES = {'U': 'str', 'i': 'int', 'u': 'int', 'f': 'float', 'b': 'bool'}
_ROWS_SHOWN = 5


class AnnotationError(ValueError):
    """An annotation file, or what it refers to, cannot be used."""


class AnnotationFile:
    """Read-only columns of one checked annotation file.

    Copies share the columns; unpickling, in a spawned worker for instance,
    maps the file again instead of carrying its contents along.

    Args:
        path: The npz file.

    Attributes:
        columns: Arrays with one leading row axis, see
            :data:`REQUIRED_COLUMNS` and :data:`OPTIONAL_COLUMNS`.
        body_model_id: Body model in which poses and betas are expressed.

    Raises:
        AnnotationError: If the file is missing, is no npz, or breaks the
            format; the message names file, key and rows.
    """

    def __init__(self, path: str):
        self.path = str(path)
        arrays = _open(self.path)
        self.body_model_id = _check_scalars(self.path, arrays)
        self.columns = _check_columns(self.path, arrays)
        _check_values(self.path, self.columns)

    def __len__(self) -> int:
        return len(self.columns['img_path'])

    def __deepcopy__(self, memo) -> 'AnnotationFile':
        return self

    def __reduce__(self):
        return type(self), (self.path,)

    @property
    def dataset_name(self) -> str:
        """Names in the column ``dataset``, joined by ``+``."""
        names = self.columns['dataset']
        # Sorting long columns of strings is slow, and one name is the rule.
        if (names == names[0]).all():
            return str(names[0])
        return '+'.join(np.unique(names))


def _open(path: str) -> Dict[str, np.ndarray]:
    """Arrays of the file by key."""
    if not Path(path).is_file():
        raise AnnotationError(
            f'{path}: no such annotation file. Convert a data set with '
            f'tools/dataset_converters/, or make the open people with '
            f'"{OPEN_PEOPLE_COMMAND}", and check ann_file and data_root'
        )
    try:
        return map_npz(path)
    except ValueError as error:
        raise AnnotationError(
            f'{path}: not a readable npz file ({error}). It may be cut off, '
            f'or hold pickled objects; write it again with np.savez from '
            f'plain arrays'
        ) from error


# --- checks
def _check_scalars(path: str, arrays: Dict[str, np.ndarray]) -> str:
    """Check format and keys; returns the id of the body model."""
    missing = [
        key
        for key in (*REQUIRED_SCALARS, *REQUIRED_COLUMNS)
        if key not in arrays
    ]
    if missing:
        raise AnnotationError(
            f'{path}: missing keys {missing}, found {sorted(arrays)}. '
            f'Write the file with a converter of tools/dataset_converters/'
        )
    found = str(arrays['format'])
    if found != ANNOTATION_FORMAT:
        raise AnnotationError(
            f'{path}: expected format {ANNOTATION_FORMAT!r}, found '
            f'{found!r}. Convert the data set again with this version of '
            f'mmbopr'
        )
    return str(arrays['body_model_id'])


def _check_columns(
    path: str, arrays: Dict[str, np.ndarray]
) -> Dict[str, np.ndarray]:
    """Check dtypes, row shapes and row counts; returns the columns."""
    columns, num_rows = {}, len(np.atleast_1d(arrays['img_path']))
    if num_rows == 0:
        raise AnnotationError(
            f'{path}: holds no rows. Check the split and the filters that '
            f'the converter was run with'
        )
    for key, (kinds, shape) in (REQUIRED_COLUMNS | OPTIONAL_COLUMNS).items():
        if key not in arrays:
            continue
        column = arrays[key]
        expected = (num_rows, *shape)
        if column.shape != expected or column.dtype.kind not in kinds:
            names = ' or '.join(
                dict.fromkeys(_KIND_NAMES[kind] for kind in kinds)
            )
            raise AnnotationError(
                f'{path}: {key!r} must be {names} of shape {expected} (rows '
                f'as in img_path), found {column.dtype} of shape '
                f'{column.shape}. Convert the data set again'
            )
        columns[key] = column
    return columns


def _check_values(path: str, columns: Dict[str, np.ndarray]) -> None:
    """Check numbers, column by column, without a loop over rows."""
    for key, flag in FLAG_OF.items():
        _report(
            path,
            columns[flag] & ~_finite_rows(columns[key]),
            f'{key!r} is not finite although {flag!r} is set',
            f'repair these rows or set {flag!r} to False there',
        )
    gender = columns['gender']
    _report(
        path,
        (gender < 0) | (gender >= len(GENDERS)),
        f"'gender' is not one of 0..{len(GENDERS) - 1} {GENDERS}",
        'write the code of the model that pose and betas belong to',
    )
    if 'keypoint_prompts' in columns:
        prompts = columns['keypoint_prompts']
        confidence = prompts[..., 2]
        usable = (confidence > 0) & np.isfinite(prompts).all(-1)
        _report(
            path,
            ~((confidence == 0) | usable).all(1),
            "'keypoint_prompts' has points that are not finite or of negative "
            'confidence',
            'set the confidence of points that are not known to 0',
        )
    centre, side = columns['bbox_cs'][:, :2], columns['bbox_cs'][:, 2]
    # Written so that NaN, which compares false, is reported too.
    _report(
        path,
        ~(np.isfinite(side) & (side > 0)),
        "'bbox_cs' has a side that is not positive",
        'leave out these people or repair their boxes',
    )
    image_wh, half = columns['img_hw'][:, ::-1], side[:, None] / 2
    overlaps = (centre + half > 0) & (centre - half < image_wh)
    _report(
        path,
        ~overlaps.all(1),
        "'bbox_cs' lies outside the image given by 'img_hw'",
        'leave out these people or repair their boxes (x before y, pixels)',
    )


def _finite_rows(column: np.ndarray) -> np.ndarray:
    """(N,) bool; a sum is finite only if all that it adds up is."""
    return np.isfinite(column.reshape(len(column), -1).sum(1))


def _report(path: str, bad: np.ndarray, problem: str, remedy: str) -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        shown = ', '.join(map(str, rows[:_ROWS_SHOWN]))
        more = ', ...' if len(rows) > _ROWS_SHOWN else ''
        raise AnnotationError(
            f'{path}: {problem} in {len(rows)} of {len(bad)} rows '
            f'(rows {shown}{more}); {remedy}'
        )
