"""MPI-INF-3DHP: Mehta et al., 3DV 2017."""

from pathlib import Path
from typing import Dict, List

import numpy as np

from mmbopr.structures import J24_IN_SPIN_49

from .base_converter import DatasetConverter, KnownCount, Unit
from .checks import check_projection
from .geometry import (
    hip_centred,
    intrinsics,
    project,
    square_boxes,
    with_confidence,
)
from .mocap_files import read_hdf5, read_mat
from .raw_files import ConversionError, take, take_any
from .rows import Rows

BOX_FACTOR = 1.2
STEP = 10  # frames
VIDEOS = (0, 1, 2, 4, 5, 6, 7, 8)  # of 14; the others look from above
_CAMERAS = 'camera.calibration'
_SIZE = 2048  # px, width and height of the training pictures

# Which of the 28 (training) or 17 (test) joints are which of J24 (SPIN).
_OF_28 = [4, 18, 19, 20, 23, 24, 25, 3, 5, 6, 7, 9, 10, 11, 14, 15, 16]
_OF_17 = [14, 11, 12, 13, 8, 9, 10, 15, 1, 16, 0, 5, 6, 7, 2, 3, 4]
_IN_J24 = [14, 3, 4, 5, 2, 1, 0, 16, 12, 17, 18, 9, 10, 11, 8, 7, 6]
_IN_SPIN_49 = [J24_IN_SPIN_49[joint] for joint in _IN_J24]


class MPIINF3DHPConverter(DatasetConverter):
    """Rows with 2D and 3D joints; the data set has no bodies.

    Training takes every tenth frame of eight cameras, if all joints lie in
    the picture (SPIN).  Test takes all valid frames and the joints of the
    universal skeleton.
    """

    name = 'mpi_inf_3dhp'
    page = 'https://vcai.mpi-inf.mpg.de/3dhp-dataset/'
    splits = ('train', 'test')
    genders = ()
    known = {
        'train': (KnownCount('rows', 96507, 'the file of SPIN', False),),
        'test': (KnownCount('rows', 2929, 'the evaluation of HMR', False),),
    }

    def units(self) -> List[Unit]:
        """One training video each, or one test sequence."""
        if self.split == 'test':
            files = self.list('mpi_inf_3dhp_test_set', 'TS*/annot_data.mat')
            return [Unit(path) for path in files]
        return [
            Unit(path, index, len(VIDEOS))
            for path in self.list('', 'S*/Seq*/annot.mat')
            for index in range(len(VIDEOS))
        ]

    def read(self, unit: Unit) -> Rows:
        """A video."""
        if self.split == 'test':
            return self._read_test(unit.path)
        return self._read_train(unit.path, VIDEOS[unit.index])

    def _read_train(self, path: Path, video: int) -> Rows:
        content = read_mat(path)
        cells = [
            take_any(content, key, path).ravel()[video]
            for key in ('annot2', 'annot3')
        ]
        where = f'{path}, video {video}'
        joints_2d = take({'annot2': cells[0]}, 'annot2', (None, 56), where)
        N = len(joints_2d)
        joints_3d = take({'annot3': cells[1]}, 'annot3', (N, 84), where)
        folder = path.parent.relative_to(self.root) / 'imageFrames'
        frames = np.arange(0, N, STEP)
        K = _read_cameras(
            self.find(str(path.parent.relative_to(self.root) / _CAMERAS))
        )[video]
        rows = _rows(
            joints_2d.reshape(N, 28, 2)[frames][:, _OF_28],
            joints_3d.reshape(N, 28, 3)[frames][:, _OF_28],
            img_path=np.char.mod(
                f'{folder}/video_{video}/frame_%06d.jpg', frames + 1
            ),
            seq=f'{path.parent.parent.name}_{path.parent.name}_video_{video}',
            frame=frames,
            split=self.split,
        )
        rows['K'] = np.tile(K, (len(rows), 1))
        pixels = rows['kp2d'][:, _IN_SPIN_49]
        inside = (pixels[..., :2] >= 0) & (pixels[..., :2] < _SIZE)
        rows.drop(~inside.all((1, 2)), 'joints outside the picture')
        check_projection(
            rows,
            project(rows.pop('mocap'), rows['K']),
            rows['kp2d'][:, _IN_SPIN_49],
            path,
        )
        return rows

    def _read_test(self, path: Path) -> Rows:
        content = read_hdf5(path, 'annot2', 'univ_annot3', 'valid_frame')
        valid = content['valid_frame'].ravel() > 0
        N = len(valid)
        joints_2d = take(content, 'annot2', (N, 1, 17, 2), path)
        joints_3d = take(content, 'univ_annot3', (N, 1, 17, 3), path)
        folder = path.parent.relative_to(self.root) / 'imageSequence'
        frames = np.arange(N)
        rows = _rows(
            joints_2d[:, 0, _OF_17],
            joints_3d[:, 0, _OF_17],
            img_path=np.char.mod(f'{folder}/img_%06d.jpg', frames + 1),
            seq=path.parent.name,
            frame=frames,
            split=self.split,
        )
        rows.pop('mocap')
        rows.drop(~valid, 'frame not valid')
        return rows


def _rows(joints_2d: np.ndarray, joints_3d: np.ndarray, **columns) -> Rows:
    """Rows of one video.

    Args:
        joints_2d: (N, 17, 2) pixels, in the order of :data:`_IN_J24`.
        joints_3d: (N, 17, 3) millimetres, camera axes.
        **columns: More columns; one value stands for all rows.

    Returns:
        Rows: And the 3D joints in metres as ``mocap``.
    """
    N = len(joints_2d)
    mocap = joints_3d / 1000
    j24 = np.zeros((N, 24, 4))
    j24[:, _IN_J24] = with_confidence(mocap)
    j24[..., :3] = hip_centred(j24[..., :3]) * j24[..., 3:]
    keypoints = np.zeros((N, 49, 3))
    keypoints[:, _IN_SPIN_49] = with_confidence(joints_2d)
    seen = np.ones(joints_2d.shape[:2], bool)
    return Rows(
        kp2d=keypoints,
        kp3d=j24,
        mocap=mocap,
        bbox_cs=square_boxes(joints_2d, seen, BOX_FACTOR),
        **{
            key: np.broadcast_to(value, (N,)) for key, value in columns.items()
        },
    )


def _read_cameras(path: Path) -> Dict[int, np.ndarray]:
    """Intrinsics (4,) by number of the video.

    Every camera has a line with its name and one with a 4x4 matrix.
    """
    cameras, name = {}, None
    for line in path.read_text().splitlines():
        key, *values = line.split() or ['']
        if key == 'name':
            name = values[0]
        elif key == 'intrinsic' and name is not None:
            matrix = np.array(values, np.float64).reshape(4, 4)
            cameras[int(name)] = intrinsics(matrix)
    missing = set(VIDEOS) - cameras.keys()
    if missing:
        raise ConversionError(
            f'{path}: lacks the cameras {sorted(missing)}; it may be cut off'
        )
    return cameras
