"""EFT: bodies fitted to COCO, MPII and LSPET (Joo et al., 3DV 2021)."""

from typing import Any, Dict, List, Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.structures import NEUTRAL
from mmbopr.utils.camera import FOCAL_LENGTH, REFERENCE_SIZE

from .base_converter import DatasetConverter, KnownCount, Unit
from .checks import check_projection
from .geometry import (
    hip_centred,
    project,
    repair_rotations,
    with_confidence,
)
from .posing import pose_bodies
from .raw_files import ConversionError, read_records, take, take_any
from .rows import Rows

_FOLDER = 'eft_fit'
# Rotations are written in single precision after an optimisation.
_MAX_REPAIR = 0.01
_SHAPES = {
    'parm_pose': (24, 3, 3),
    'parm_shape': (10,),
    'parm_cam': (3,),
    'bbox_scale': (),
    'bbox_center': (2,),
    'gt_keypoint_2d': (49, 3),
}


class EFTConverter(DatasetConverter):
    """A row for every fitted person.

    Rotations are made orthonormal before they are turned into axis-angle.
    The box is EFT's, ``200 * bbox_scale`` wide; 3D joints are those of the
    fitted neutral body.

    Attributes:
        files: Name of the json file of each split.
        pictures: Folder of the pictures of each split.
    """

    page = 'https://github.com/facebookresearch/eft'
    files: Mapping[str, str]
    pictures: Mapping[str, str]

    def units(self) -> List[Unit]:
        """Slices of the json file."""
        return Unit.slices(self.find(f'{_FOLDER}/{self.files[self.split]}'))

    def read(self, unit: Unit) -> Rows:
        """A slice of the fitted people."""
        records = take_any(read_records(unit.path), 'data', unit.path)
        numbers = range(len(records))[unit.slice_of(len(records))]
        if not numbers:
            return Rows()
        raw = _stack(records, numbers, unit.path)
        rows = Rows(
            img_path=[
                f'{self.pictures[self.split]}/{x}' for x in raw['imageName']
            ],
            rotations=raw['parm_pose'],
            betas=raw['parm_shape'],
            gender=np.full(len(numbers), NEUTRAL),
            bbox_cs=np.concatenate(
                [raw['bbox_center'], 200 * raw['bbox_scale'][:, None]], 1
            ),
            cam=raw['parm_cam'],
            kp2d=raw['gt_keypoint_2d'],
            seq=np.full(len(numbers), unit.path.stem),
            frame=np.array(numbers),
            person=raw['annotId'],
            split=np.full(len(numbers), self.split),
        )
        rows.drop_not_numbers('body parameters', 'rotations', 'betas', 'cam')
        rows.drop_not_numbers('joints', 'kp2d')
        rotations, repair = repair_rotations(rows.pop('rotations'))
        rows['pose'] = (
            Rotation.from_matrix(rotations.reshape(-1, 3, 3))
            .as_rotvec()
            .reshape(-1, 24, 3)
        )
        rows.drop((repair > _MAX_REPAIR).any(1), 'pose not of rotations')
        posed = pose_bodies(self.body, rows.columns)
        rows['kp3d'] = with_confidence(hip_centred(posed.j24))
        pixels = _project_into_box(posed.spin_49, rows.pop('cam'), rows)
        check_projection(rows, pixels, rows['kp2d'], unit.path)
        return rows


def _stack(
    records: List[Dict[str, Any]], numbers: range, path
) -> Dict[str, np.ndarray]:
    """Fields of people as columns."""
    columns = {key: [] for key in _SHAPES}
    names, ids = [], []
    for number in numbers:
        record, where = records[number], f'{path}, person {number}'
        for key, shape in _SHAPES.items():
            columns[key].append(take(record, key, shape, where))
        names.append(str(take_any(record, 'imageName', where)))
        # Only COCO's people have one.
        ids.append(int(record.get('annotId') or 0))
        kind = record.get('smpltype', 'smpl')
        if kind != 'smpl':
            raise ConversionError(
                f"{where}: 'smpltype' is {kind!r}; only 'smpl' can be used"
            )
    stacked = {key: np.array(column) for key, column in columns.items()}
    return stacked | {'imageName': names, 'annotId': ids}


def _project_into_box(
    points: np.ndarray, cam: np.ndarray, rows: Rows
) -> np.ndarray:
    """Pixels (N, P, 2) of points (N, P, 3) under SPIN's camera of a box."""
    boxes = rows['bbox_cs']
    depth = 2 * FOCAL_LENGTH / (REFERENCE_SIZE * cam[:, :1])
    transl = np.concatenate([cam[:, 1:], depth], 1)
    focal = FOCAL_LENGTH * boxes[:, 2:] / REFERENCE_SIZE
    K = np.concatenate([focal, focal, boxes[:, :2]], 1)
    return project(points + transl[:, None], K)


class CocoEFTConverter(EFTConverter):
    """COCO 2014: people with at least 6 (``train``) or 12 joints (``part``).

    The paper says 74K people and means neither of the two.
    """

    name = 'coco_eft'
    splits = ('train', 'part', 'val')
    files = {
        'train': 'COCO2014-All-ver01.json',
        'part': 'COCO2014-Part-ver01.json',
        'val': 'COCO2014-Val-ver10.json',
    }
    pictures = {'train': 'train2014', 'part': 'train2014', 'val': 'val2014'}
    known = {
        'train': (KnownCount('read', 79051, 'the page of EFT'),),
        'part': (KnownCount('read', 28344, 'the page of EFT'),),
        'val': (KnownCount('read', 10510, 'the page of EFT'),),
    }


class MPIIEFTConverter(EFTConverter):
    """MPII."""

    name = 'mpii_eft'
    splits = ('train',)
    files = {'train': 'MPII_ver01.json'}
    pictures = {'train': 'images'}
    known = {'train': (KnownCount('read', 14361, 'the page of EFT'),)}


class LSPETEFTConverter(EFTConverter):
    """LSP extended, high resolution."""

    name = 'lspet_eft'
    splits = ('train', 'test')
    files = {
        'train': 'LSPet_train_ver10.json',
        'test': 'LSPet_test_ver10.json',
    }
    pictures = {'train': 'hr-lspet', 'test': 'hr-lspet'}
    known = {
        'train': (KnownCount('read', 2946, 'the page of EFT'),),
        'test': (KnownCount('read', 2433, 'the page of EFT'),),
    }
