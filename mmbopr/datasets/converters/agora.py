"""AGORA: Patel et al., CVPR 2021."""

from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np

from mmbopr.structures import NEUTRAL

from .agora_camera import body_to_camera, intrinsics_of, viewpoint_of
from .agora_files import (
    find_frames,
    frame_name,
    index_pictures,
    read_fit,
    read_frame,
)
from .base_converter import DatasetConverter, Unit
from .geometry import (
    hip_centred,
    move_transl,
    project,
    square_boxes,
    turn_root,
    with_confidence,
)
from .posing import SPIN_49_IN_SMPL_45, PosedBodies, pose_bodies
from .raw_files import ConversionError, picture_size, take
from .rows import Rows

BOX_FACTOR = 1.2
MAX_OCCLUSION = 0.9
MAX_JOINT_ERROR = 1e-3  # metres, between the posed body and the given joints
_FULL_SIZE = (3840, 2160)  # px, which the 2D joints are given in


class AGORAConverter(DatasetConverter):
    """A row for every valid person less than 90 % hidden.

    Bodies are SMPL's neutral ones.  Children are fitted with an eleventh
    shape component, the weight of a child template; it is left out, so that
    they are adults of their pose (as the authors of CLIFF did).  They are
    marked in ``kid``, have no 3D joints, and 2D joints only where given.

    Where the dataframes hold ``gt_joints_3d``, the body of every adult must
    reproduce them to a millimetre.
    """

    name = 'agora'
    page = 'https://agora.is.tue.mpg.de'
    splits = ('train', 'validation')

    def units(self) -> List[Unit]:
        """One dataframe each."""
        frames = find_frames(self.root, self.split, self.page)
        return [Unit(path) for path in frames]

    def read(self, unit: Unit) -> Rows:
        """All people of a dataframe."""
        people = [
            person
            for picture in read_frame(unit.path)
            for person in self._people(picture, unit.path)
        ]
        keys = people[0] if people else ()
        rows = Rows(
            **{key: np.array([x[key] for x in people]) for key in keys}
        )
        if not people:
            return rows
        rows.drop(~rows.pop('valid'), 'not valid')
        hidden = rows['occlusion'] >= MAX_OCCLUSION
        rows.drop(hidden, f'{MAX_OCCLUSION:.0%} hidden or more')
        if len(rows):
            self._add_bodies(rows)
            self._add_labels(rows, unit.path)
        return rows

    def _people(
        self, picture: Dict[str, Any], path: Path
    ) -> List[Dict[str, Any]]:
        """Everyone in a picture, with what the dataframe tells of them."""
        name = str(picture['imgPath'])
        viewpoint = viewpoint_of(name, picture)
        img_path, size = self._find_picture(name)
        people = []
        for number, own in enumerate(picture['people']):
            place = [float(own[axis]) for axis in 'XYZ']
            turn, offset = body_to_camera(viewpoint, float(own['Yaw']), place)
            person = {
                'img_path': img_path,
                'K': intrinsics_of(viewpoint, *size),
                'turn': turn,
                'offset': offset,
                'fit': str(own['gt_path_smpl']),
                'kid': bool(own['kid']),
                'valid': bool(own['isValid']),
                'occlusion': float(own['occlusion']) / 100,
                'seq': frame_name(path),
                'frame': Path(name).stem,
                'person': number,
                'split': self.split,
            }
            people.append(person)
            if 'gt_joints_2d' in own:
                where = f'{path}, {name}, person {number}'
                joints = take(own, 'gt_joints_2d', (45, 2), where)
                person['joints_2d'] = joints * size[0] / _FULL_SIZE[0]
                person['joints_3d'] = take(own, 'gt_joints_3d', (45, 3), where)
        return people

    def _find_picture(self, name: str) -> Tuple[str, Tuple[int, int]]:
        """Path from the root and (w, h), in either resolution."""
        found = index_pictures(self.root)
        small = name.replace('.png', '_1280x720.png')
        path = found.get(name) or found.get(small)
        if path is None:  # to be reported with all that are missing
            return f'{self.split}/{name}', _FULL_SIZE
        return path, picture_size(self.root / path)[::-1]

    def _add_bodies(self, rows: Rows) -> None:
        """The fitted bodies, moved to camera axes."""
        fits = [read_fit(self.root, fit, self.page) for fit in rows.pop('fit')]
        for key in ('pose', 'betas', 'transl'):
            rows[key] = np.array([fit[key] for fit in fits])
        rows['gender'] = np.full(len(rows), NEUTRAL)
        rows.drop_not_numbers('body parameters', 'pose', 'betas', 'transl')
        rows['pose'] = turn_root(rows['pose'], rows['turn'])

    def _add_labels(self, rows: Rows, path: Path) -> None:
        """Check the bodies and project them."""
        posed = pose_bodies(self.body, rows.columns)
        rows['transl'] = move_transl(
            rows['transl'], posed.pelvis, rows.pop('turn'), rows.pop('offset')
        )
        adult = ~rows['kid']
        if 'joints_3d' in rows:
            _check_joints(rows, posed, path)
        rows['kp3d'] = with_confidence(hip_centred(posed.j24))
        rows['has_kp3d'] = adult
        pixels = project(posed.spin_49 + rows['transl'][:, None], rows['K'])
        keypoints = with_confidence(pixels, adult[:, None])
        if 'joints_2d' in rows:
            places, joints = SPIN_49_IN_SMPL_45
            keypoints[:, places, :2] = rows.pop('joints_2d')[:, joints]
            keypoints[:, places, 2] = 1
        rows['kp2d'] = keypoints
        rows['has_kp2d'] = keypoints[..., 2].any(1)
        rows['bbox_cs'] = square_boxes(
            keypoints[..., :2], keypoints[..., 2] > 0, BOX_FACTOR
        )


def _check_joints(rows: Rows, posed: PosedBodies, path: Path) -> None:
    """Compare the adults' bodies with the 24 joints that are given."""
    adult = ~rows['kid']
    gap = posed.smpl_45 + rows['transl'][:, None] - rows.pop('joints_3d')
    errors = np.linalg.norm(gap[adult, :24], axis=-1)
    if not errors.size:
        return
    rows.notes['joint_error_mm'] = float(1000 * errors.max())
    if errors.max() > MAX_JOINT_ERROR:
        raise ConversionError(
            f'{path}: the bodies lie {1000 * errors.max():.1f} mm away from '
            f"'gt_joints_3d', at most 1 mm is expected. Use the neutral SMPL "
            f'model, version 1.0.0, that the fits were made with'
        )
