"""HumanData, the annotation files of MMHuman3D."""

from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np

from mmbopr.structures import (
    GENDER_OF_INITIAL,
    GENDERS,
    J24_FROM_SMPL_54,
    J24_HIPS,
    NEUTRAL,
)
from mmbopr.utils.safe_npz import safe_load_npz

from .base_converter import Unit
from .geometry import hip_centred, with_confidence
from .npz_converter import NpzConverter
from .posing import pose_bodies
from .raw_files import ConversionError, take, take_any
from .rows import Rows

NUM_JOINTS = 190
# Where HumanData has the joints of SMPL-54: the body without hands first,
# then a face, ..., the nine of SPIN, OpenPose-25, ..., the hands last.
_HANDS = (188, 189)
_OPENPOSE = list(range(153, 178))
SMPL_54_IN_HUMAN_DATA = [
    *range(22), *_HANDS, *range(55, 76), *range(144, 153)
]  # fmt: skip
J24_IN_HUMAN_DATA = [SMPL_54_IN_HUMAN_DATA[j] for j in J24_FROM_SMPL_54]
SPIN_49_IN_HUMAN_DATA = _OPENPOSE + J24_IN_HUMAN_DATA

# Columns of ours that HumanData has no place for; they travel in ``meta``.
EXTRA_COLUMNS = ('K', 'seq', 'frame', 'person', 'dataset', 'split', 'kid',
                 'occlusion')  # fmt: skip
_BODY = ('global_orient', 'body_pose', 'betas')


class HumanDataConverter(NpzConverter):
    """A row for every entry of a HumanData file.

    Boxes are used as they are, squared to their longer side, as MMHuman3D
    does.  3D joints come from the body; from the file where there is none.
    The camera is unknown unless the file was exported from one of ours.
    """

    name = 'human_data'
    page = 'https://github.com/open-mmlab/mmhuman3d'
    origin = (
        'HumanData files come from the converters of '
        'https://github.com/open-mmlab/mmhuman3d'
    )

    def read(self, unit: Unit) -> Rows:
        """All entries."""
        data, path = safe_load_npz(unit.path), unit.path
        names = take_any(data, 'image_path', path)
        N = len(names)
        boxes = take(data, 'bbox_xywh', (N, None), path)
        rows = Rows(
            img_path=[str(name) for name in names],
            bbox_cs=np.concatenate(
                [
                    boxes[:, :2] + boxes[:, 2:4] / 2,
                    boxes[:, 2:4].max(1, keepdims=True),
                ],
                1,
            ),
            **_meta_columns(data, N, path),
        )
        if 'dataset' not in rows:
            config = str(data.get('config', self.name))
            rows['dataset'] = np.full(N, config)
        if key := _keypoints_key(data, 'keypoints2d'):
            points = _keypoints(data, key, (N, None, 3), path)
            rows['kp2d'] = points[:, SPIN_49_IN_HUMAN_DATA]
        if data.get('smpl') is not None:
            self._add_bodies(rows, data, path)
        elif key := _keypoints_key(data, 'keypoints3d'):
            points = _keypoints(data, key, (N, None, 4), path)
            _add_joints(rows, points[:, J24_IN_HUMAN_DATA])
        return rows

    def _add_bodies(self, rows: Rows, data: Dict, path: Path) -> None:
        """Pose, shape and translation, and 3D joints of the body."""
        smpl, N = data['smpl'], len(rows)
        orient, body_pose, betas = (
            np.reshape(take_any(smpl, key, path), (N, -1)) for key in _BODY
        )
        pose = np.concatenate([orient, body_pose], 1)
        rows['pose'] = take({'pose': pose}, 'pose', (N, 72), path).reshape(
            N, 24, 3
        )
        rows['betas'] = take({'betas': betas}, 'betas', (N, None), path)[
            :, :10
        ]
        if smpl.get('transl') is not None:
            rows['transl'] = take(smpl, 'transl', (N, 3), path)
        there = np.ravel(data.get('has_smpl', np.ones(N))).astype(bool)
        rows['has_smpl'] = there
        # Entries without a body are posed at rest and not used.
        rows['pose'] = np.where(there[:, None, None], rows['pose'], 0)
        rows['betas'] = np.where(there[:, None], rows['betas'], 0)
        rows.drop_not_numbers('body parameters', 'pose', 'betas')
        posed = pose_bodies(self.body, rows.columns)
        rows['kp3d'] = with_confidence(hip_centred(posed.j24))
        rows['has_kp3d'] = rows['has_smpl']


def _meta_columns(data: Dict[str, Any], N: int, path: Path) -> Dict:
    """Gender, and what an export of ours left in ``meta``."""
    meta = data.get('meta') or {}
    columns = {key: meta[key] for key in EXTRA_COLUMNS if key in meta}
    genders = meta.get('gender')
    if genders is None:
        return columns | {'gender': np.full(N, NEUTRAL)}
    codes = [GENDER_OF_INITIAL.get(str(name)[:1].lower()) for name in genders]
    if None in codes:
        unknown = genders[codes.index(None)]
        raise ConversionError(
            f"{path}: 'gender' holds {str(unknown)!r}, expected one of "
            f'{GENDERS}'
        )
    return columns | {'gender': codes}


def _keypoints_key(data: Dict, kind: str) -> Optional[str]:
    """The key of annotated key points, else of those of the body."""
    keys = (kind, f'{kind}_original', f'{kind}_smpl')
    return next((key for key in keys if data.get(key) is not None), None)


def _keypoints(data: Dict, key: str, shape: tuple, path: Path) -> np.ndarray:
    """Key points of all 190 joints, confidence 0 where there is none."""
    points = take(data, key, shape, path)
    mask = take(data, f'{key}_mask', (NUM_JOINTS,), path) > 0
    if points.shape[1] == NUM_JOINTS:
        return points * mask[:, None]
    if points.shape[1] != mask.sum():
        raise ConversionError(
            f'{path}: {key!r} has {points.shape[1]} joints, its mask '
            f'{mask.sum()}'
        )
    padded = np.zeros((len(points), NUM_JOINTS, points.shape[2]))
    padded[:, mask] = points
    return padded


def _add_joints(rows: Rows, joints: np.ndarray) -> None:
    """3D joints (N, 24, 4), as far as both hips are there to centre them."""
    rows['has_kp3d'] = (joints[:, J24_HIPS, 3] > 0).all(1)
    joints[..., :3] = hip_centred(joints[..., :3]) * (joints[..., 3:] > 0)
    rows['kp3d'] = joints


def human_data_of(columns: Dict[str, np.ndarray]) -> Dict[str, Any]:
    """What HumanData says of the rows of an annotation file.

    Args:
        columns: All columns of the unified format.

    Returns:
        dict: For ``numpy.savez_compressed``; ``HumanData.fromfile`` reads it.
    """
    centre, side = columns['bbox_cs'][:, :2], columns['bbox_cs'][:, 2:]
    content = {
        '__key_strict__': False,
        '__temporal_len__': len(centre),
        '__keypoints_compressed__': True,
        'image_path': columns['img_path'],
        'bbox_xywh': np.concatenate(
            [centre - side / 2, side, side, np.ones_like(side)], 1
        ),
        'config': '+'.join(np.unique(columns['dataset'])),
        'smpl': {
            'global_orient': columns['pose'][:, 0],
            'body_pose': columns['pose'][:, 1:],
            'betas': columns['betas'],
            'transl': columns['transl'],
        },
        'has_smpl': columns['has_smpl'],
        'meta': {
            'gender': [GENDERS[code] for code in columns['gender']],
            **{k: columns[k] for k in EXTRA_COLUMNS if k in columns},
        },
    }
    content |= _compressed(
        'keypoints2d',
        columns['kp2d'],
        columns['has_kp2d'],
        SPIN_49_IN_HUMAN_DATA,
    )
    return content | _compressed(
        'keypoints3d', columns['kp3d'], columns['has_kp3d'], J24_IN_HUMAN_DATA
    )


def _compressed(
    key: str, points: np.ndarray, there: np.ndarray, places: List[int]
) -> Dict[str, np.ndarray]:
    """Key points as HumanData stores them: those of the mask, in its order."""
    points = np.where(there[:, None, None], points, 0)
    mask = np.zeros(NUM_JOINTS, np.uint8)
    mask[places] = 1
    return {key: points[:, np.argsort(places)], f'{key}_mask': mask}
