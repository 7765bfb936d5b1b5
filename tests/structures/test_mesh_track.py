import numpy as np
import pytest

from mmbopr.structures.mesh_track import MeshTrack, tracks_of
from mmbopr.testing.results import make_result


def video():
    """Person 4 in frames 0, 1, 3; person 2 in frames 1 and 3; none in 2."""
    ids = [[4], [2, 4], [], [4, 2]]
    return [
        make_result(len(x), seed=i, frame=i, track_id=np.array(x, int))
        for i, x in enumerate(ids)
    ]


def test_people_are_sorted_by_track():
    results = video()

    first, second = tracks_of(results, fps=25)

    assert (first.track_id, second.track_id) == (2, 4)
    assert first.frame.tolist() == [1, 3]
    assert second.frame.tolist() == [0, 1, 3]
    np.testing.assert_array_equal(first.betas[1], results[3].betas[1])
    np.testing.assert_array_equal(second.body_pose[1], results[1].body_pose[1])
    np.testing.assert_array_equal(second.K, np.tile(results[0].K, (3, 1)))


def test_a_track_is_the_same_after_a_round_trip(tmp_path):
    track = tracks_of(video(), fps=29.97)[1]

    track.save(tmp_path / 't.npz')
    again = MeshTrack.load(tmp_path / 't.npz')

    assert (again.fps, again.track_id) == (29.97, 4)
    assert again.body_model_id == track.body_model_id
    for name in ('frame', 'global_orient', 'body_pose', 'betas', 'bbox', 'K'):
        np.testing.assert_array_equal(
            getattr(again, name), getattr(track, name), name
        )


def test_no_one_is_no_track():
    assert tracks_of([], fps=25) == []


def test_untracked_people_are_refused():
    with pytest.raises(ValueError, match=r'photo\.jpg: its people are not'):
        tracks_of([make_result(1, frame=0)], fps=25)


def test_other_files_are_named(tmp_path):
    np.savez(tmp_path / 'x.npz', a=1)

    with pytest.raises(ValueError, match=r'x\.npz is no track'):
        MeshTrack.load(tmp_path / 'x.npz')
