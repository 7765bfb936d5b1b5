"""3DOH50K: Zhang et al., CVPR 2020."""

from typing import Any, Dict, List

import numpy as np

from mmbopr.structures import J24_IN_SPIN_49, LSP_14, NEUTRAL

from .base_converter import DatasetConverter, KnownCount, Unit
from .geometry import (
    hip_centred,
    intrinsics,
    turn_root,
    with_confidence,
)
from .posing import pose_bodies
from .raw_files import ConversionError, read_records, take, take_any
from .rows import Rows

BOX_FACTOR = 1.2  # of the height alone

_SHAPES = {
    'extri': (4, 4),
    'intri': (3, 3),
    'bbox': (2, 2),
    'pose': (1, 72),
    'betas': (1, 10),
    'lsp_joints_2d': (14, 2),
    'lsp_joints_3d': (14, 3),
}
_LSP_IN_SPIN_49 = list(J24_IN_SPIN_49[: len(LSP_14)])
_THIGH = [LSP_14.names.index(f'right_{name}') for name in ('hip', 'knee')]


class OH50K3DConverter(DatasetConverter):
    """A row for every picture, with the neutral body (PARE).

    The official joints and translations are scaled by an amount that users
    disagree on (1/7 m, 1/10 m, the field ``scale``), so 3D joints come from
    the body, and the translation is unknown.  The length of the thigh in
    ``lsp_joints_3d`` over that of the body is written down as the note
    ``lsp_thigh_ratio``: 1 would mean metres.
    """

    name = '3doh50k'
    tool = 'oh50k3d'
    page = 'https://www.yangangwang.com/papers/ZHANG-OOH-2020-03.html'
    splits = ('train', 'test')
    known = {
        'train': (KnownCount('read', 50310, 'the paper', False),),
        'test': (KnownCount('read', 1290, 'the paper', False),),
    }

    def units(self) -> List[Unit]:
        """Slices of the json file."""
        return Unit.slices(self.find(f'{self.split}set/annots.json'))

    def read(self, unit: Unit) -> Rows:
        """A slice of the pictures."""
        records = read_records(unit.path)
        if not isinstance(records, dict):
            raise ConversionError(
                f'{unit.path}: expected one record for each picture, found '
                f'{type(records).__name__}'
            )
        part = unit.slice_of(len(records))
        names = list(records)[part]
        if not names:
            return Rows()
        raw = _stack(records, names, unit.path)
        corners = raw['bbox']
        rows = Rows(
            img_path=[f'{self.split}set/{x}' for x in raw['img_path']],
            pose=raw['pose'].reshape(-1, 24, 3),
            betas=raw['betas'][:, 0],
            gender=np.full(len(names), NEUTRAL),
            bbox_cs=np.concatenate(
                [
                    corners.mean(1),
                    BOX_FACTOR * (corners[:, 1:, 1] - corners[:, :1, 1]),
                ],
                1,
            ),
            K=intrinsics(raw['intri']),
            turn=raw['extri'][:, :3, :3],
            lsp_2d=raw['lsp_joints_2d'],
            lsp_3d=raw['lsp_joints_3d'],
            seq=np.full(len(names), f'{self.split}set'),
            frame=np.array(names),
            split=np.full(len(names), self.split),
        )
        rows.drop_not_numbers('body parameters', 'pose', 'betas', 'turn')
        _add_labels(rows, self.body)
        return rows


def _stack(
    records: Dict[str, Any], names: List[str], path
) -> Dict[str, np.ndarray]:
    """Fields of pictures as columns."""
    columns = {key: [] for key in (*_SHAPES, 'img_path')}
    for name in names:
        record, where = records[name], f'{path}, picture {name}'
        for key, shape in _SHAPES.items():
            columns[key].append(take(record, key, shape, where))
        # Some were written on Windows.
        picture = str(take_any(record, 'img_path', where))
        columns['img_path'].append(picture.replace('\\', '/').lstrip('./'))
    return {key: np.array(column) for key, column in columns.items()}


def _add_labels(rows: Rows, body) -> None:
    """Bodies in camera axes, their 3D joints and the annotated 2D ones."""
    rows['pose'] = turn_root(rows['pose'], rows.pop('turn'))
    posed = pose_bodies(body, rows.columns)
    rows['kp3d'] = with_confidence(hip_centred(posed.j24))
    keypoints = np.zeros((len(rows), 49, 3))
    keypoints[:, _LSP_IN_SPIN_49] = with_confidence(rows.pop('lsp_2d'))
    rows['kp2d'] = keypoints
    if len(rows):
        ratio = _thigh(rows.pop('lsp_3d')) / _thigh(posed.j24)
        rows.notes['lsp_thigh_ratio'] = float(np.median(ratio))


def _thigh(joints: np.ndarray) -> np.ndarray:
    """(N,) length of a thigh; LSP's order is the beginning of J24's."""
    hip, knee = joints[:, _THIGH[0]], joints[:, _THIGH[1]]
    return np.linalg.norm(knee - hip, axis=1)
