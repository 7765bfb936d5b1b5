import dataclasses

import numpy as np
import pytest

from mmbopr.structures import tracks_of
from mmbopr.testing.results import make_result
from mmbopr.visualization.track_frames import frames_of_tracks


def test_it_is_the_inverse_of_tracks_of():
    results = [
        make_result(2, seed=1, frame=3, track_id=[4, 9]),
        make_result(1, seed=2, frame=5, track_id=[9]),
        make_result(0, frame=6, track_id=[]),
        make_result(2, seed=3, frame=7, track_id=[4, 6]),
    ]
    frames = frames_of_tracks(tracks_of(results, 25.0))
    # Frames without anybody leave no trace in tracks.
    assert [f.frame for f in frames] == [3, 5, 7]
    for frame, result in zip(frames, results[:2] + results[3:], strict=True):
        assert frame.fps == 25 and frame.img_shape == (480, 640)
        for name in ('track_id', 'K', 'betas', 'body_pose', 'cam_t_full'):
            expected = getattr(result, name)
            np.testing.assert_array_equal(getattr(frame, name), expected)


def test_tracks_of_two_bodies_are_refused():
    track = tracks_of([make_result(frame=0, track_id=[1])], 25)[0]
    other = dataclasses.replace(track, body_model_id='smpl')
    with pytest.raises(ValueError, match=r"\['open-1', 'smpl'\]"):
        frames_of_tracks([track, other])
