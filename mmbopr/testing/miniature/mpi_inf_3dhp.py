"""MPI-INF-3DHP in miniature."""

from pathlib import Path
from typing import Sequence, Tuple, Union

import cv2
import numpy as np
from scipy.io import savemat

from .crowd import Crowd

VIDEO = 4  # the one with the crowd; others have no frames
NUM_VIDEOS = 14
# J24 joint of the 17 that are used, and their places among 28 and 17.
J24_JOINTS = [14, 3, 4, 5, 2, 1, 0, 16, 12, 17, 18, 9, 10, 11, 8, 7, 6]
PLACES_28 = [4, 18, 19, 20, 23, 24, 25, 3, 5, 6, 7, 9, 10, 11, 14, 15, 16]
PLACES_17 = [14, 11, 12, 13, 8, 9, 10, 15, 1, 16, 0, 5, 6, 7, 2, 3, 4]


def write_3dhp_train(folder: Union[str, Path], crowd: Crowd) -> Path:
    """Write subject 1, sequence 1; every picture is repeated ten times.

    Args:
        folder: Root of the data set.
        crowd: One person a picture.

    Returns:
        Path: ``annot.mat``.
    """
    folder = Path(folder) / 'S1/Seq1'
    pictures = folder / f'imageFrames/video_{VIDEO}'
    pictures.mkdir(parents=True)
    for frame in range(crowd.num_frames):
        path = pictures / f'frame_{10 * frame + 1:06d}.jpg'
        cv2.imwrite(str(path), crowd.draw(frame))
    pixels, joints = _joints(crowd, PLACES_28, 28)
    annot2 = np.empty((NUM_VIDEOS, 1), object)
    annot3 = np.empty((NUM_VIDEOS, 1), object)
    for video in range(NUM_VIDEOS):
        repeats = 10 if video == VIDEO else 0
        annot2[video, 0] = pixels.reshape(-1, 56).repeat(repeats, 0)
        annot3[video, 0] = joints.reshape(-1, 84).repeat(repeats, 0)
    path = folder / 'annot.mat'
    savemat(path, {'annot2': annot2, 'annot3': annot3})
    (folder / 'camera.calibration').write_text(_calibration(crowd))
    return path


def write_3dhp_test(
    folder: Union[str, Path], crowd: Crowd, invalid: Sequence[int] = ()
) -> Path:
    """Write test sequence 1; needs h5py.

    Args:
        folder: Root of the data set.
        crowd: One person a picture.
        invalid: Frames that are not valid.

    Returns:
        Path: ``annot_data.mat``.
    """
    import h5py

    folder = Path(folder) / 'mpi_inf_3dhp_test_set/TS1'
    (folder / 'imageSequence').mkdir(parents=True)
    for frame in range(crowd.num_frames):
        path = folder / 'imageSequence' / f'img_{frame + 1:06d}.jpg'
        cv2.imwrite(str(path), crowd.draw(frame))
    pixels, joints = _joints(crowd, PLACES_17, 17)
    valid = ~np.isin(np.arange(crowd.num_frames), invalid)
    path = folder / 'annot_data.mat'
    with h5py.File(path, 'w') as file:
        file['annot2'] = pixels[:, None]
        file['univ_annot3'] = joints[:, None]
        file['annot3'] = 2 * joints[:, None]
        file['valid_frame'] = valid[:, None].astype(np.float64)
    return path


def _joints(
    crowd: Crowd, places: Sequence[int], count: int
) -> Tuple[np.ndarray, np.ndarray]:
    """Pixels and millimetres of ``count`` joints; the unused are far off."""
    pixels = np.full((len(crowd), count, 2), -500.0)
    joints = np.full((len(crowd), count, 3), 9e3)
    used = crowd.j24[:, J24_JOINTS]
    pixels[:, places], joints[:, places] = crowd.project(used), 1000 * used
    return pixels, joints


def _calibration(crowd: Crowd) -> str:
    """The text of ``camera.calibration``; only one camera is the crowd's."""
    lines = ['Skeletool Camera Calibration File V1.0']
    for video in range(NUM_VIDEOS):
        fx, fy, cx, cy = crowd.K if video == VIDEO else (1, 1, 0, 0)
        matrix = [fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0, 0, 0, 0, 1]
        lines += [
            f'name          {video}',
            '  sensor      10 10',
            '  size        2048 2048',
            '  animated    0',
            f'  intrinsic   {" ".join(map(str, matrix))} ',
            f'  extrinsic   {" ".join(map(str, np.eye(4).ravel()))} ',
            '  radial      0',
        ]
    return '\n'.join(lines) + '\n'
