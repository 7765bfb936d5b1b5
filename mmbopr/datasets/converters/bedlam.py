"""BEDLAM: Black et al., CVPR 2023."""

from pathlib import Path
from typing import Dict, List

import numpy as np

from mmbopr.structures import GENDERS
from mmbopr.utils.safe_npz import safe_load_npz

from .base_converter import DatasetConverter, Unit
from .checks import check_projection
from .geometry import hip_centred, intrinsics, project, with_confidence
from .posing import SPIN_49_IN_SMPL_45, pose_bodies
from .raw_files import ConversionError, picture_size, take, take_any
from .rows import Rows

_LABELS = 'processed_labels'
_SHAPES = {
    'center': (None, 2),
    'scale': (None,),
    'pose_cam': (None, None),
    'shape': (None, None),
    'trans_cam': (None, 3),
    'cam_ext': (None, 4, 4),
    'cam_int': (None, 3, 3),
    'gtkps': (None, None, 2),
}


class BEDLAMConverter(DatasetConverter):
    """A row for every person of the labels that BEDLAM's script wrote.

    Bodies are SMPL's of the person's gender; labels for SMPL-X are refused,
    for its shapes mean nothing to SMPL.  The box is the one of the labels.

    Scenes named ``closeup`` are stored lying on their side: turn the
    pictures by 90 degrees clockwise, or their people are left out.
    """

    name = 'bedlam'
    page = 'https://bedlam.is.tue.mpg.de'
    splits = ('train',)
    genders = ('neutral', 'male', 'female')

    def units(self) -> List[Unit]:
        """One scene each."""
        return [Unit(path) for path in self.list(_LABELS, '*.npz')]

    def read(self, unit: Unit) -> Rows:
        """A scene."""
        raw = _read_labels(unit.path)
        N = len(raw['center'])
        scene = unit.path.stem
        transl = raw['trans_cam'] + raw['cam_ext'][:, :3, 3]
        folders = np.array([str(Path(x).parent) for x in raw['imgname']])
        rows = Rows(
            img_path=[f'images/{scene}/png/{x}' for x in raw['imgname']],
            pose=raw['pose_cam'].reshape(N, 24, 3),
            betas=raw['shape'],
            gender=_gender_codes(raw['gender'], unit.path),
            transl=transl,
            K=intrinsics(raw['cam_int']),
            bbox_cs=np.concatenate(
                [raw['center'], 200 * raw['scale'][:, None]], 1
            ),
            given=raw['gtkps'],
            seq=np.char.add(f'{scene}/', folders),
            frame=np.array([Path(x).stem for x in raw['imgname']]),
            person=raw['sub'].astype(str),
            split=np.full(N, self.split),
        )
        rows.drop_not_numbers('body parameters', 'pose', 'betas', 'transl')
        rows.drop(self._lies_on_side(rows), 'picture lies on its side')
        posed = pose_bodies(self.body, rows.columns)
        rows['kp3d'] = with_confidence(hip_centred(posed.j24))
        pixels = project(posed.spin_49 + rows['transl'][:, None], rows['K'])
        rows['kp2d'] = with_confidence(pixels)
        places, joints = SPIN_49_IN_SMPL_45
        given = with_confidence(rows.pop('given')[:, joints])
        check_projection(rows, pixels[:, places], given, unit.path)
        return rows

    def _lies_on_side(self, rows: Rows) -> np.ndarray:
        """(N,) whether pictures are as wide as the camera says high."""
        path = self.root / rows['img_path'][0] if len(rows) else self.root
        if not path.is_file():  # to be reported with all that are missing
            return np.zeros(len(rows), bool)
        height, width = picture_size(path)
        # The principal point of a rendered picture is its centre.
        said = np.rint(2 * rows['K'][:, 2:])
        return (said == [height, width]).all(1) & (height != width)


def _read_labels(path: Path) -> Dict[str, np.ndarray]:
    raw = safe_load_npz(path, (*_SHAPES, 'imgname', 'gender', 'sub'))
    labels = {
        key: take(raw, key, shape, path) for key, shape in _SHAPES.items()
    }
    size = labels['pose_cam'].shape[1]
    if size != 72:
        raise ConversionError(
            f"{path}: 'pose_cam' has {size} numbers a person, SMPL has 72"
            f'{" and SMPL-X 165" if size == 165 else ""}. Make the labels '
            f'with df_full_body_smpl.py of BEDLAM'
        )
    lengths = {key: len(column) for key, column in labels.items()}
    for key in ('imgname', 'gender', 'sub'):
        labels[key] = np.asarray(take_any(raw, key, path))
        lengths[key] = len(labels[key])
    if len(set(lengths.values())) > 1:
        raise ConversionError(f'{path}: numbers of people differ: {lengths}')
    # Children have an eleventh, which adults' models do not know.
    labels['shape'] = labels['shape'][:, :10]
    return labels


def _gender_codes(names: np.ndarray, path: Path) -> np.ndarray:
    unknown = set(names.tolist()) - set(GENDERS)
    if unknown:
        raise ConversionError(
            f"{path}: 'gender' holds {sorted(map(str, unknown))}, expected "
            f'{GENDERS}'
        )
    return np.array([GENDERS.index(name) for name in names], np.int64)
