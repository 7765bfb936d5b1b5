from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import savgol_filter
from scipy.spatial.transform import Rotation

from mmbopr.motion import SMOOTHERS, SavitzkyGolay, smooth_track
from mmbopr.structures import MeshTrack

T = 60


def make_track(seed=0, jitter=0.05):
    """Someone who turns, upright in OpenCV's frame, seen with noise."""
    rng = np.random.default_rng(seed)
    times = np.arange(T) / 30
    turn = Rotation.from_rotvec([np.pi, 0, 0]) * Rotation.from_rotvec(
        times[:, None] * [0, 1.0, 0]
    )
    turn = turn * Rotation.from_rotvec(rng.normal(0, jitter, (T, 3)))
    return MeshTrack(
        track_id=3,
        fps=30.0,
        body_model_id='open-1',
        frame=np.arange(10, 10 + T),
        K=np.tile(np.float32([800, 800, 320, 240]), (T, 1)),
        global_orient=turn.as_rotvec().astype(np.float32),
        body_pose=rng.normal(0, jitter, (T, 69)).astype(np.float32),
        betas=rng.normal(0, 1, (T, 10)).astype(np.float32),
        cam_t_full=rng.normal([0, 0, 4], 0.1, (T, 3)).astype(np.float32),
        bbox=rng.uniform(0, 400, (T, 4)).astype(np.float32),
    )


def angles(first, second):
    first, second = Rotation.from_rotvec(first), Rotation.from_rotvec(second)
    return (first.inv() * second).magnitude()


@pytest.mark.parametrize('name', SMOOTHERS)
def test_only_the_motion_is_smoothed(name):
    track = make_track()
    smooth = smooth_track(track, SMOOTHERS[name](), shape=None)

    assert (smooth.track_id, smooth.fps, len(smooth)) == (3, 30.0, T)
    for unchanged in ('frame', 'K', 'bbox', 'betas'):
        np.testing.assert_array_equal(
            getattr(smooth, unchanged), getattr(track, unchanged)
        )
    for field in ('global_orient', 'body_pose', 'cam_t_full'):
        before, after = getattr(track, field), getattr(smooth, field)
        assert after.dtype == np.float32 and after.shape == before.shape
    steps = angles(track.global_orient[1:], track.global_orient[:-1])
    smoothed = angles(smooth.global_orient[1:], smooth.global_orient[:-1])
    assert abs(smoothed.mean() - 1 / 30) < 0.5 * abs(steps.mean() - 1 / 30)


def test_joints_are_smoothed_one_by_one():
    track = make_track(jitter=0.001)
    smooth = smooth_track(track, SavitzkyGolay(8 / 30))
    # So small that rotation vectors are as good as points.
    expected = savgol_filter(track.body_pose, 9, 2, axis=0)
    np.testing.assert_allclose(smooth.body_pose, expected, atol=2e-6)
    expected = savgol_filter(track.cam_t_full, 9, 2, axis=0)
    np.testing.assert_allclose(smooth.cam_t_full, expected, atol=1e-5)


def test_missing_frames_are_time_that_passed():
    """A steady turn stays steady, though its frames come unevenly."""
    track = make_track(jitter=0)
    seen = np.flatnonzero(np.arange(T) % 5 != 2)
    names = ('frame', 'K', 'global_orient', 'body_pose', 'betas')
    names = (*names, 'cam_t_full', 'bbox')
    track = replace(track, **{n: getattr(track, n)[seen] for n in names})
    smooth = smooth_track(track, SavitzkyGolay())
    assert angles(track.global_orient, smooth.global_orient).max() < 1e-5


@pytest.mark.parametrize('shape', ['mean', 'median'])
def test_one_shape_throughout(shape):
    track = make_track()
    betas = smooth_track(track, SavitzkyGolay(), shape=shape).betas
    expected = getattr(np, shape)(track.betas, axis=0)
    np.testing.assert_allclose(betas, np.tile(expected, (T, 1)), atol=1e-6)


def test_an_unknown_shape_is_refused():
    with pytest.raises(KeyError, match='mode'):
        smooth_track(make_track(), SavitzkyGolay(), shape='mode')
