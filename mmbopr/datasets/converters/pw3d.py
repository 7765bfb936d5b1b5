"""3DPW: von Marcard et al., ECCV 2018."""

from pathlib import Path
from typing import Any, List, Mapping

import numpy as np

from mmbopr.structures import GENDER_OF_INITIAL, J24, SPIN_49
from mmbopr.utils.safe_load import safe_load_pickle

from .base_converter import DatasetConverter, KnownCount, Unit
from .checks import check_projection
from .geometry import (
    hip_centred,
    intrinsics,
    move_transl,
    project,
    square_boxes,
    turn_root,
    with_confidence,
)
from .posing import pose_bodies
from .raw_files import ConversionError, take, take_any
from .rows import Rows

BOX_FACTOR = 1.2

# Order of the detections in ``poses2d``.
_COCO_18 = (
    'nose', 'neck', 'right_shoulder', 'right_elbow', 'right_wrist',
    'left_shoulder', 'left_elbow', 'left_wrist', 'right_hip', 'right_knee',
    'right_ankle', 'left_hip', 'left_knee', 'left_ankle', 'right_eye',
    'left_eye', 'right_ear', 'left_ear',
)  # fmt: skip
_COCO_18_IN_SPIN_49 = [SPIN_49.names.index(name) for name in _COCO_18]
_NUM_OPENPOSE = len(SPIN_49) - len(J24)


class PW3DConverter(DatasetConverter):
    """A row for every person in every picture whose camera is known.

    ``kp2d`` holds the detections that come with the data set in its OpenPose
    half, and J24 of the true body, projected, in the other.  Boxes are 1.2
    times those of the detections (SPIN).

    Picture i of a sequence is its frame i; ``img_frame_ids`` counts in the
    60 Hz of the IMUs and is not used.
    """

    name = '3dpw'
    tool = 'pw3d'
    page = 'https://virtualhumans.mpi-inf.mpg.de/3DPW/'
    splits = ('all', 'train', 'validation', 'test')
    genders = ('neutral', 'male', 'female')
    known = {
        'train': (
            KnownCount('read', 23543, 'the frame table of ROMP', False),
            KnownCount('rows', 22735, 'the frame table of ROMP', False),
        ),
        'validation': (
            KnownCount('read', 10858, 'the frame table of ROMP', False),
        ),
        'test': (
            KnownCount('read', 40219, 'the frame table of ROMP', False),
            KnownCount('rows', 35515, 'the evaluation of SPIN'),
        ),
        'all': (KnownCount('read', 74620, 'the frame table of ROMP', False),),
    }

    def units(self) -> List[Unit]:
        """One sequence each."""
        splits = self.splits[1:] if self.split == 'all' else (self.split,)
        return [
            Unit(path)
            for split in splits
            for path in self.list(f'sequenceFiles/{split}', '*.pkl')
        ]

    def read(self, unit: Unit) -> Rows:
        """All people of a sequence."""
        record = safe_load_pickle(unit.path)
        people = take_any(record, 'poses', unit.path)
        rows = Rows.join(
            self._person(record, person, unit.path)
            for person in range(len(people))
        )
        rows.drop(~rows.pop('camera_valid'), 'camera pose not valid')
        rows.drop_not_numbers(
            'body parameters', 'pose', 'betas', 'transl', 'extrinsics'
        )
        # These also cannot be cropped; SPIN's script would stop at them.
        detected = (rows['detections'][..., 2] > 0).any(1)
        rows.drop(~detected, 'no 2D joint detected')
        self._add_labels(rows, unit.path)
        return rows

    def _person(
        self, record: Mapping[str, Any], person: int, path: Path
    ) -> Rows:
        """One person in all frames, with columns still to be worked on."""
        where = f'{path}, person {person}'
        own = {
            key: _of_person(record, key, person, path)
            for key in ('poses', 'trans', 'betas', 'genders', 'poses2d',
                        'campose_valid')
        }  # fmt: skip
        pose = take(own, 'poses', (None, 72), where)
        N = len(pose)
        sequence = str(take_any(record, 'sequence', path))
        K = intrinsics(take(record, 'cam_intrinsics', (3, 3), path))
        if own['genders'] not in GENDER_OF_INITIAL:
            raise ConversionError(
                f"{where}: 'genders' is {own['genders']!r}, expected 'm' or "
                f"'f'"
            )
        betas = take(own, 'betas', (None,), where)[:10]
        frames = np.arange(N)
        return Rows(
            img_path=np.char.mod(
                f'imageFiles/{sequence}/image_%05d.jpg', frames
            ),
            pose=pose.reshape(N, 24, 3),
            betas=np.tile(betas, (N, 1)),
            gender=np.full(N, GENDER_OF_INITIAL[own['genders']]),
            transl=take(own, 'trans', (N, 3), where),
            K=np.tile(K, (N, 1)),
            extrinsics=take(record, 'cam_poses', (N, 4, 4), path),
            detections=take(own, 'poses2d', (N, 3, 18), where).swapaxes(1, 2),
            camera_valid=take(own, 'campose_valid', (N,), where) > 0,
            seq=np.full(N, sequence),
            frame=frames,
            person=np.full(N, person),
            split=np.full(N, path.parent.name),
        )

    def _add_labels(self, rows: Rows, path: Path) -> None:
        """Move the bodies to camera axes and project them."""
        extrinsics = rows.pop('extrinsics')
        detections = rows.pop('detections')
        turn, offset = extrinsics[:, :3, :3], extrinsics[:, :3, 3]
        rows['pose'] = turn_root(rows['pose'], turn)
        posed = pose_bodies(self.body, rows.columns)
        rows['transl'] = move_transl(
            rows['transl'], posed.pelvis, turn, offset
        )
        rows['kp3d'] = with_confidence(hip_centred(posed.j24))
        pixels = project(posed.spin_49 + rows['transl'][:, None], rows['K'])
        seen = detections[..., 2] > 0
        rows['bbox_cs'] = square_boxes(detections[..., :2], seen, BOX_FACTOR)
        check_projection(
            rows, pixels[:, _COCO_18_IN_SPIN_49], detections, path
        )
        keypoints = with_confidence(pixels)
        keypoints[:, :_NUM_OPENPOSE] = 0
        keypoints[:, _COCO_18_IN_SPIN_49] = detections * seen[..., None]
        rows['kp2d'] = keypoints


def _of_person(
    record: Mapping[str, Any], key: str, person: int, path: Path
) -> Any:
    values = take_any(record, key, path)
    if person >= len(values):
        raise ConversionError(
            f'{path}: {key!r} is about {len(values)} people, but there are '
            f'more in other fields'
        )
    return values[person]
