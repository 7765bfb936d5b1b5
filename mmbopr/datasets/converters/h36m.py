"""Human3.6M: Ionescu et al., TPAMI 2014."""

from pathlib import Path
from typing import List

import numpy as np

from .base_converter import DatasetConverter, Unit
from .geometry import boxes_of_corners
from .mocap_files import read_cdf, read_mask_corners
from .mocap_joints import mocap_labels
from .raw_files import take
from .rows import Rows

BOX_FACTOR = 0.9  # of the silhouette
STEP = 5  # frames
_SUBJECTS = {'train': (1, 5, 6, 7, 8), 'test': (9, 11)}
_POSES_3D = 'MyPoseFeatures/D3_Positions_mono'
_POSES_2D = 'MyPoseFeatures/D2_Positions'
_MASKS = 'MySegmentsMat/ground_truth_bb'

# The 17 joints among the 32, in the order of ``mocap_joints`` (SPIN).
_OF_32 = [11, 6, 7, 8, 1, 2, 3, 12, 24, 14, 15, 17, 18, 19, 25, 26, 27]


class H36MConverter(DatasetConverter):
    """Rows with 2D and 3D joints of every fifth frame of all cameras.

    The bodies that others fitted to the markers (MoSh) may not be passed on
    any more, so rows have none.  The camera is in ``seq``:
    ``S9_Directions_1.60457274``; evaluation protocol 2 uses that one.
    """

    name = 'h36m'
    page = 'http://vision.imar.ro/human3.6m'
    splits = ('train', 'test')
    genders = ()

    def units(self) -> List[Unit]:
        """One video each."""
        return [
            Unit(path)
            for subject in _SUBJECTS[self.split]
            for path in self.list(f'S{subject}/{_POSES_3D}', '*.cdf')
            # Sequences of several actions repeat the others.
            if not path.name.startswith('_ALL')
        ]

    def read(self, unit: Unit) -> Rows:
        """A video."""
        subject = unit.path.parents[2]
        action, camera, _ = unit.path.name.split('.')
        sequence = f'{subject.name}_{action.replace(" ", "_")}.{camera}'
        path_2d = self._beside(subject, _POSES_2D, unit.path.name)
        joints_3d = _read_joints(unit.path, 3)
        frames = np.arange(0, len(joints_3d), STEP)
        joints_2d = _read_joints(path_2d, 2)[frames]
        masks = self._beside(subject, _MASKS, f'{unit.path.stem}.mat')
        N = len(frames)
        return Rows(
            img_path=np.char.mod(f'images/{sequence}_%06d.jpg', frames + 1),
            **mocap_labels(joints_2d, joints_3d[frames] / 1000),
            bbox_cs=boxes_of_corners(
                read_mask_corners(masks, frames), BOX_FACTOR
            ),
            seq=np.full(N, sequence),
            frame=frames,
            split=np.full(N, self.split),
        )

    def _beside(self, subject: Path, folder: str, name: str) -> Path:
        return self.find(f'{subject.name}/{folder}/{name}')


def _read_joints(path: Path, dims: int) -> np.ndarray:
    """(F, 17, dims) of the 32 joints of a file, in the order of ours."""
    poses = {'Pose': read_cdf(path, 'Pose')}
    joints = take(poses, 'Pose', (1, None, 32 * dims), path)[0]
    return joints.reshape(-1, 32, dims)[:, _OF_32]
