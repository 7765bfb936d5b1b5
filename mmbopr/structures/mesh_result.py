"""The people of one image, as users keep and exchange them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional, Tuple, Union

import numpy as np

from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.safe_npz import load_plain_npz

from .joints import SMPL_45

RESULT_FORMAT = 'mmbopr-result-1'
# What reading a file that is no result, or half of one, may raise.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)

# Name of each array -> its type and its shape after (P,); the vertices'
# number is that of the body.
_PERSON_SPECS: Dict[str, Tuple[str, Tuple[int, ...]]] = dict(
    global_orient=('float32', (3,)),
    body_pose=('float32', (69,)),
    betas=('float32', (10,)),
    cam_t_full=('float32', (3,)),
    joints=('float32', (len(SMPL_45), 3)),
    keypoints_2d=('float32', (len(SMPL_45), 2)),
    bbox=('float32', (4,)),
    bbox_score=('float32', ()),
)
_TRACK_SPEC = ('int64', ())
_VERTEX_DIMS = 3


@dataclass(frozen=True, eq=False)
class MeshResult:
    """What is known of the people of one image or video frame.

    Note: P: people, V: vertices of the body model.  All 3D is in metres, in
    OpenCV's camera frame (x right, y down, z forward); pixels are those of
    the full image, upright as it is looked at.

    ``SMPL(...)(betas=r.betas, body_pose=r.body_pose,
    global_orient=r.global_orient, transl=r.cam_t_full)``, with tensors,
    gives the meshes back; :func:`~mmbopr.utils.camera.perspective_project`
    with ``K`` projects them onto the image.

    Attributes:
        img_path: The picture or video.
        img_shape: Its height and width.
        body_model_id: The body model that the shape belongs to.
        K: (4,) intrinsics fx, fy, cx, cy in pixels, one camera for everyone.
        global_orient: (P, 3) axis-angle, radians.
        body_pose: (P, 69) axis-angle of the 23 joints below the pelvis.
        betas: (P, 10) shape.
        cam_t_full: (P, 3) translation before the full image's camera.
        joints: (P, 45, 3) without ``cam_t_full``, as ``joint_names``.
        keypoints_2d: (P, 45, 2) the same, projected onto the image.
        bbox: (P, 4) what was found: left, top, right, bottom in pixels.
        bbox_score: (P,) how sure the detector was, 0 to 1.
        frame: Number of the video frame, from 0; None for a picture.
        track_id: (P,) who it is over time; None without tracking.
        vertices: (P, V, 3) without ``cam_t_full``; None unless asked for.
    """

    img_path: str
    img_shape: Tuple[int, int]
    body_model_id: str
    K: np.ndarray
    global_orient: np.ndarray
    body_pose: np.ndarray
    betas: np.ndarray
    cam_t_full: np.ndarray
    joints: np.ndarray
    keypoints_2d: np.ndarray
    bbox: np.ndarray
    bbox_score: np.ndarray
    frame: Optional[int] = None
    track_id: Optional[np.ndarray] = None
    vertices: Optional[np.ndarray] = None

    joint_names = SMPL_45.names

    def __post_init__(self) -> None:
        height, width = self.img_shape
        self._set('img_shape', (int(height), int(width)))
        self._set_array('K', 'float32', (4,))
        count = len(self)
        for name, (dtype, shape) in _PERSON_SPECS.items():
            self._set_array(name, dtype, (count, *shape))
        if self.track_id is not None:
            dtype, shape = _TRACK_SPEC
            self._set_array('track_id', dtype, (count, *shape))
        if self.vertices is not None:
            size = np.shape(self.vertices)[1] if count else 0
            self._set_array('vertices', 'float32', (count, size, _VERTEX_DIMS))

    def __len__(self) -> int:
        """How many people."""
        return len(self.betas)

    @property
    def focal(self) -> float:
        """Horizontal focal length in pixels."""
        return float(self.K[0])

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _set_array(self, name, dtype, shape) -> None:
        array = np.asarray(getattr(self, name), dtype)
        if array.size == 0:
            array = array.reshape(shape)
        if array.shape != shape:
            raise ValueError(
                f'{self.img_path}: {name} must have shape {shape}, found '
                f'{array.shape}'
            )
        self._set(name, array)

    def arrays(self) -> Dict[str, np.ndarray]:
        """The arrays with one row a person that there are, by name."""
        names = (*_PERSON_SPECS, 'track_id', 'vertices')
        found = {name: getattr(self, name) for name in names}
        return {k: v for k, v in found.items() if v is not None}

    def to_dict(self) -> Dict[str, Any]:
        """Everything as plain numbers and lists, as the json holds it."""
        rows = self.arrays()
        return dict(
            format=RESULT_FORMAT,
            **self._facts(),
            focal=self.focal,
            K=self.K.tolist(),
            joint_names=list(self.joint_names),
            person_fields=list(rows),
            people=[
                {name: array[i].tolist() for name, array in rows.items()}
                for i in range(len(self))
            ],
        )

    def _facts(self) -> Dict[str, Any]:
        return dict(
            img_path=str(self.img_path),
            img_shape=list(self.img_shape),
            body_model_id=self.body_model_id,
            frame=self.frame,
        )

    def save(self, path: Union[str, Path]) -> None:
        """Write a ``.json`` or an ``.npz``, whole or not at all.

        The json is for people and other languages, a list entry a person;
        the npz holds the arrays, and the rest as one json text, ``facts``.

        Raises:
            ValueError: If the file has another suffix.
        """
        path = Path(path)
        suffix = _known_suffix(path)
        with replace_when_complete(path) as temporary:
            if suffix == '.json':
                temporary.write_text(json.dumps(self.to_dict()))
                return
            facts = json.dumps(dict(format=RESULT_FORMAT, **self._facts()))
            with open(temporary, 'wb') as file:
                np.savez_compressed(
                    file, facts=facts, K=self.K, **self.arrays()
                )

    @classmethod
    def load(cls, path: Union[str, Path]) -> 'MeshResult':
        """Read what :meth:`save` wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is no result, or a damaged one.
        """
        path = Path(path)
        read = _read_json if _known_suffix(path) == '.json' else _read_npz
        try:
            facts, arrays = read(path)
            if facts.pop('format') != RESULT_FORMAT:
                raise KeyError('format')
            return cls(**facts, **arrays)
        except UNREADABLE as error:
            raise ValueError(
                f'{path} is no result of format {RESULT_FORMAT!r}, or a '
                f'damaged one ({error}): predict it again'
            ) from error


def _known_suffix(path: Path) -> str:
    if path.suffix not in ('.json', '.npz'):
        raise ValueError(f'{path}: a result is a .json or an .npz file')
    return path.suffix


def _read_json(path: Path) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    content = json.loads(path.read_text())
    people = content.pop('people')
    arrays = {
        name: [person[name] for person in people]
        for name in content.pop('person_fields')
    }
    derived = ('focal', 'joint_names')
    facts = {k: v for k, v in content.items() if k not in derived}
    return facts, arrays


def _read_npz(path: Path) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    arrays = load_plain_npz(path)
    return json.loads(str(arrays.pop('facts'))), arrays
