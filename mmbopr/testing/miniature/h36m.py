"""Human3.6M in miniature; needs h5py and cdflib."""

from pathlib import Path
from typing import Tuple, Union

import cv2
import numpy as np

from .crowd import Crowd

# J24 joint of the 17 that are used, and their places among 32.
J24_JOINTS = [14, 3, 4, 5, 2, 1, 0, 16, 12, 17, 18, 9, 10, 11, 8, 7, 6]
PLACES_32 = [11, 6, 7, 8, 1, 2, 3, 12, 24, 14, 15, 17, 18, 19, 25, 26, 27]
_CDF_DOUBLE = 45


def write_h36m(
    folder: Union[str, Path],
    crowd: Crowd,
    *,
    subject: str = 'S9',
    camera: str = '60457274',
) -> Path:
    """Write a video; every picture is repeated five times.

    Args:
        folder: Root of the data set.
        crowd: One person a picture.
        subject: Folder.
        camera: Its number.

    Returns:
        Path: The file of 3D poses.
    """
    folder, stem = Path(folder), f'Walking 1.{camera}'
    (folder / 'images').mkdir(parents=True, exist_ok=True)
    name = f'{subject}_{stem.replace(" ", "_")}'
    for frame in range(crowd.num_frames):
        path = folder / 'images' / f'{name}_{5 * frame + 1:06d}.jpg'
        cv2.imwrite(str(path), crowd.draw(frame))
    poses = np.full((len(crowd), 32, 5), 7e3)  # the unused are far off
    used = crowd.j24[:, J24_JOINTS]
    poses[:, PLACES_32, :3] = 1000 * used
    poses[:, PLACES_32, 3:] = crowd.project(used)
    features = folder / subject / 'MyPoseFeatures'
    write_poses(features / f'D2_Positions/{stem}.cdf', poses[..., 3:])
    masks = folder / subject / f'MySegmentsMat/ground_truth_bb/{stem}.mat'
    _write_masks(masks, crowd)
    path = features / f'D3_Positions_mono/{stem}.cdf'
    write_poses(path, poses[..., :3])
    return path


def write_poses(path: Path, poses: np.ndarray) -> None:
    """Write poses (N, 32, D) as a CDF file, five times each."""
    from cdflib.cdfwrite import CDF

    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    poses = poses.reshape(1, len(poses), -1).repeat(5, 1)
    file = CDF(str(path))
    variable = {
        'Variable': 'Pose',
        'Data_Type': _CDF_DOUBLE,
        'Num_Elements': 1,
        'Rec_Vary': True,
        'Dim_Sizes': list(poses.shape[1:]),
        'Dim_Vary': [True, True],
    }
    file.write_var(variable, var_data=poses)
    file.close()


def _write_masks(path: Path, crowd: Crowd) -> None:
    """Rectangles around the projected vertices, as references to masks."""
    import h5py

    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = crowd.image_size
    with h5py.File(path, 'w') as file:
        references = np.empty((5 * len(crowd), 1), h5py.ref_dtype)
        for row, (low, high) in enumerate(zip(*corners(crowd), strict=True)):
            mask = np.zeros((height, width), np.uint8)
            mask[low[1] : high[1], low[0] : high[0]] = 1
            # Matlab's rows are HDF5's columns.
            data = file.create_dataset(f'#refs#/{row}', data=mask.T)
            references[5 * row : 5 * row + 5] = data.ref
        file.create_dataset('Masks', data=references, dtype=h5py.ref_dtype)


def corners(crowd: Crowd) -> Tuple[np.ndarray, np.ndarray]:
    """First pixels (N, 2) of the silhouettes, and those past the last."""
    pixels = crowd.project(crowd.vertices)
    size = crowd.image_size
    low = np.floor(pixels.min(1)).clip(0, size).astype(int)
    return low, np.ceil(pixels.max(1)).clip(0, size).astype(int)
