"""The per-sample dump of an evaluation: every table derives from it.

A dump is a plain ``.npz`` without pickled objects: one row a sample, plus the
protocol that the numbers were taken under as a JSON string.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Optional, Tuple

import numpy as np

from mmbopr.structures import JOINT_SETS, LSP_14
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.safe_npz import load_plain_npz

DUMP_FORMAT = 'mmbopr-evaluation-1'
# Stands for the number of joints of the protocol's joint set.
_J = -1

# Name of each array of a dump -> its type and its shape after (N,).
ARRAY_SPECS: Dict[str, Tuple[str, Tuple[int, ...]]] = dict(
    sample_idx=('int64', ()),
    joint_errors=('float32', (_J, 3)),
    joint_errors_pa=('float32', (_J,)),
    vertex_errors=('float32', ()),
    pred_pose=('float32', (24, 3, 3)),
    pred_betas=('float32', (10,)),
    pred_cam=('float32', (3,)),
    gender=('int64', ()),
    occlusion=('float32', ()),
    seq=('str', ()),
)
# The same of arrays that may be missing.
OPTIONAL_SPECS: Dict[str, Tuple[str, Tuple[int, ...]]] = dict(
    vertex_errors_pa=('float32', ()),
    degenerate=('bool', ()),
    visible=('bool', (_J,)),
    frame=('str', ()),
    person=('str', ()),
    img_path=('str', ()),
    img_hw=('int64', (2,)),
    bbox=('float32', (4,)),
    cam_transl_full=('float32', (3,)),
    K_full=('float32', (4,)),
)


@dataclass(frozen=True)
class EvaluationDump:
    """What an evaluation keeps of every sample.

    Those from ``vertex_errors_pa`` to ``K_full`` are None where unknown.

    Attributes:
        sample_idx: (N,) rows of the data set, unique.
        joint_errors: (N, J, 3) prediction minus ground truth of the
            protocol's joints relative to its root, metres, camera axes.
        joint_errors_pa: (N, J) distances in metres after Procrustes.
        vertex_errors: (N,) mean vertex distance in metres, aligned as the
            protocol says; NaN against ground truth without a mesh.
        pred_pose: (N, 24, 3, 3) predicted rotations, root in camera frame.
        pred_betas: (N, 10) predicted shape.
        pred_cam: (N, 3) predicted crop camera (s, tx, ty), NaN if none.
        gender: (N,) code of the ground truth's body.
        occlusion: (N,) hidden fraction of the body 0..1, NaN if unknown.
        seq: (N,) names of the sequences, '' if none.
        protocol: What the numbers mean, JSON-able.
        vertex_errors_pa: (N,) mean vertex distance in metres after
            Procrustes on all vertices.
        degenerate: (N,) whether all predicted joints coincide, so that
            Procrustes kept their scale.
        visible: (N, J) whether a joint can be seen.
        frame: (N,) number of the frame in its sequence, as text.
        person: (N,) who it is in the sequence.
        img_path: (N,) the picture.
        img_hw: (N, 2) its height and width in pixels.
        bbox: (N, 4) centre x, y, width and height of the crop in pixels.
        cam_transl_full: (N, 3) translation in metres before the full image.
        K_full: (N, 4) fx, fy, cx, cy of the full image in pixels.
    """

    sample_idx: np.ndarray
    joint_errors: np.ndarray
    joint_errors_pa: np.ndarray
    vertex_errors: np.ndarray
    pred_pose: np.ndarray
    pred_betas: np.ndarray
    pred_cam: np.ndarray
    gender: np.ndarray
    occlusion: np.ndarray
    seq: np.ndarray
    protocol: Dict[str, Any] = field(default_factory=dict)
    vertex_errors_pa: Optional[np.ndarray] = None
    degenerate: Optional[np.ndarray] = None
    visible: Optional[np.ndarray] = None
    frame: Optional[np.ndarray] = None
    person: Optional[np.ndarray] = None
    img_path: Optional[np.ndarray] = None
    img_hw: Optional[np.ndarray] = None
    bbox: Optional[np.ndarray] = None
    cam_transl_full: Optional[np.ndarray] = None
    K_full: Optional[np.ndarray] = None

    def __post_init__(self) -> None:
        count = len(self)
        if self.joint_set not in JOINT_SETS:
            raise ValueError(
                f'protocol: joint_set must be one of {sorted(JOINT_SETS)}, '
                f'found {self.joint_set!r}'
            )
        for name, (dtype, shape) in (ARRAY_SPECS | OPTIONAL_SPECS).items():
            if name in OPTIONAL_SPECS and getattr(self, name) is None:
                continue
            array = np.asarray(getattr(self, name)).astype(dtype, copy=False)
            shape = (self.num_joints if n == _J else n for n in shape)
            expected = (count, *shape)
            if array.shape != expected:
                raise ValueError(
                    f'{name}: expected shape {expected}, found '
                    f'{array.shape}; every array of a dump holds the same '
                    'samples'
                )
            object.__setattr__(self, name, array)
        if len(np.unique(self.sample_idx)) != count:
            raise ValueError(
                'sample_idx: expected unique rows, found '
                f'{count - len(np.unique(self.sample_idx))} duplicates; drop '
                'them before building a dump'
            )
        protocol = {**self.protocol, 'count': count}
        object.__setattr__(self, 'protocol', protocol)

    def __len__(self) -> int:
        return len(self.sample_idx)

    @property
    def joint_set(self) -> str:
        """Name of the joints that are compared."""
        return self.protocol.get('joint_set', LSP_14.name)

    @property
    def num_joints(self) -> int:
        """Number of joints J that are compared."""
        return len(JOINT_SETS[self.joint_set])

    @property
    def arrays(self) -> Dict[str, np.ndarray]:
        """All arrays that are there, by name."""
        names = [*ARRAY_SPECS, *OPTIONAL_SPECS]
        arrays = {name: getattr(self, name) for name in names}
        return {k: v for k, v in arrays.items() if v is not None}

    def select(self, rows: np.ndarray) -> 'EvaluationDump':
        """The samples that a mask or an index array picks, as a dump.

        For tables over part of a data set: by occlusion, by sequence.
        """
        picked = {name: array[rows] for name, array in self.arrays.items()}
        return replace(self, **picked)


def write_dump(dump: EvaluationDump, path: str) -> None:
    """Write a dump; the file is either complete or not there.

    Args:
        dump: What to write.
        path: File name, usually ``*.npz``; missing folders are made.
    """
    protocol = json.dumps(dump.protocol, sort_keys=True)
    content = dict(format=DUMP_FORMAT, protocol=protocol, **dump.arrays)
    with (
        replace_when_complete(path) as temporary,
        open(temporary, 'wb') as file,
    ):
        np.savez(file, **content)


def read_dump(path: str) -> EvaluationDump:
    """Read what :func:`write_dump` wrote.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated or not an evaluation dump.
    """
    remedy = 'write it again with `python tools/test.py ... --dump FILE`'
    try:
        content = load_plain_npz(path)
    except ValueError as error:
        raise ValueError(
            f'{path}: expected an evaluation dump (.npz), found a truncated '
            f'or foreign file ({error}); {remedy}'
        ) from error
    found = str(content.get('format', 'none'))
    if found != DUMP_FORMAT:
        raise ValueError(
            f'{path}: expected format {DUMP_FORMAT!r}, found {found!r} with '
            f'keys {sorted(content)}; {remedy}'
        )
    missing = [key for key in (*ARRAY_SPECS, 'protocol') if key not in content]
    if missing:
        raise ValueError(f'{path}: keys {missing} are missing; {remedy}')
    names = [k for k in (*ARRAY_SPECS, *OPTIONAL_SPECS) if k in content]
    try:
        protocol = json.loads(str(content['protocol']))
        arrays = {name: content[name] for name in names}
        return EvaluationDump(**arrays, protocol=protocol)
    except ValueError as error:
        raise ValueError(f'{path}: {error}; {remedy}') from error
