from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from mmbopr.exports.gaps import fill_gaps


def test_rotations_are_interpolated_as_rotations(track):
    filled = fill_gaps(track)

    assert filled.frame.tolist() == [4, 5, 6, 7, 8, 9, 10]
    for start in range(0, 69, 3):
        rows = slice(start, start + 3)
        path = Slerp(
            track.frame, Rotation.from_rotvec(track.body_pose[:, rows])
        )
        expected = path(filled.frame)
        found = Rotation.from_rotvec(filled.body_pose[:, rows])
        assert (found.inv() * expected).magnitude().max() < 1e-6


def test_the_short_way_is_taken(track):
    """From 170 to -170 degrees through 180, not through 0."""
    orient = np.zeros((5, 3))
    orient[:, 1] = np.deg2rad([0, 90, 170, -170, 0])

    filled = fill_gaps(replace(track, global_orient=orient))

    angles = np.rad2deg(np.abs(filled.global_orient[3:5, 1]))
    np.testing.assert_allclose(angles, 180 - 20 / 6)


def test_translations_are_interpolated(track):
    filled = fill_gaps(track)

    for axis in range(3):
        np.testing.assert_allclose(
            filled.cam_t_full[:, axis],
            np.interp(filled.frame, track.frame, track.cam_t_full[:, axis]),
            atol=1e-6,
        )
    np.testing.assert_allclose(filled.K, np.tile(track.K[0], (7, 1)))


def test_without_gaps_nothing_changes(track):
    whole = replace(track, frame=np.arange(5))

    filled = fill_gaps(whole)

    for name in ('global_orient', 'body_pose'):
        before = Rotation.from_rotvec(getattr(track, name).reshape(-1, 3))
        after = Rotation.from_rotvec(getattr(filled, name).reshape(-1, 3))
        assert (before.inv() * after).magnitude().max() < 1e-6
    for name in ('betas', 'cam_t_full', 'bbox'):
        np.testing.assert_allclose(
            getattr(filled, name), getattr(track, name), rtol=1e-6
        )
