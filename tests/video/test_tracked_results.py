from dataclasses import replace

import numpy as np
import pytest
import torch

from mmbopr.motion import SavitzkyGolay, smooth_track
from mmbopr.structures import tracks_of
from mmbopr.tracking import IoUTracker
from mmbopr.utils.camera import perspective_project
from mmbopr.video import apply_tracks, track_people


@pytest.fixture
def results(inferencer):
    tracker = IoUTracker()
    return [track_people(inferencer.result_of(i), tracker) for i in range(12)]


def test_people_get_ids_and_shadows_none(results, inferencer):
    left_first = np.argsort(inferencer.people.bbox[:2, 0])
    name = {person: i for i, person in enumerate(left_first)}
    for frame, result in enumerate(results):
        expected = [0] if frame in (3, 4, 5) else [1, 0]
        assert result.track_id.tolist() == [name[k] for k in expected]
        raw = inferencer.result_of(frame)
        np.testing.assert_array_equal(
            result.body_pose, raw.body_pose[: len(expected)]
        )
    assert len(inferencer.result_of(8)) == 3 and len(results[8]) == 2


@pytest.mark.parametrize('batch_size', [256, 5])
def test_motion_of_tracks_comes_back(results, body, batch_size):
    tracks = [
        smooth_track(track, SavitzkyGolay())
        for track in tracks_of(results, 25)
    ]

    smooth = apply_tracks(results, tracks, body, batch_size)

    again = tracks_of(smooth, 25)
    for track, other in zip(tracks, again, strict=True):
        for name in ('global_orient', 'body_pose', 'betas', 'cam_t_full'):
            np.testing.assert_array_equal(
                getattr(track, name), getattr(other, name)
            )
    for before, after in zip(results, smooth, strict=True):
        np.testing.assert_array_equal(after.bbox, before.bbox)
        assert after.frame == before.frame
        assert np.abs(after.body_pose - before.body_pose).max() > 0.01
        params = {
            name: torch.from_numpy(getattr(after, name))
            for name in ('betas', 'body_pose', 'global_orient')
        }
        transl = torch.from_numpy(after.cam_t_full)
        joints = body(**params).joints
        np.testing.assert_allclose(after.joints, joints, atol=1e-5)
        K = torch.from_numpy(after.K).expand(len(after), 4)
        seen = perspective_project(joints + transl[:, None], K)
        np.testing.assert_allclose(after.keypoints_2d, seen, atol=1e-2)


@pytest.mark.parametrize('batch_size', [256, 5])
def test_vertices_of_results_follow_the_tracks(results, body, batch_size):
    empty = {k: v[:0] for k, v in results[3].arrays().items()}
    some = [*results[:2], replace(results[3], **empty), results[4]]
    some = [
        replace(x, vertices=np.zeros((len(x), 3, 3), np.float32)) for x in some
    ]
    tracks = [smooth_track(x, SavitzkyGolay()) for x in tracks_of(some, 25)]

    smooth = apply_tracks(some, tracks, body, batch_size)

    assert [len(x.vertices) for x in smooth] == [2, 2, 0, 1]
    for result in (smooth[0], smooth[1], smooth[3]):
        posed = body(
            *(torch.from_numpy(getattr(result, name)) for name in
              ('betas', 'body_pose', 'global_orient'))
        )  # fmt: skip
        np.testing.assert_allclose(result.vertices, posed.vertices, atol=1e-5)
    without = [replace(x, vertices=None) for x in some]
    for result in apply_tracks(without, tracks, body):
        assert result.vertices is None


def test_who_is_in_no_track_stays(results, body):
    first, second = tracks_of(results, 25)
    moved = replace(second, cam_t_full=second.cam_t_full + 1)

    after = apply_tracks(results, [moved], body)

    kept, changed = tracks_of(after, 25)
    np.testing.assert_array_equal(kept.cam_t_full, first.cam_t_full)
    np.testing.assert_array_equal(changed.cam_t_full, moved.cam_t_full)


def test_frames_without_people_stay_empty(results, body):
    empty = replace(
        results[3],
        **{k: v[:0] for k, v in results[3].arrays().items()},
    )
    some = [results[2], empty, results[4]]
    after = apply_tracks(some, tracks_of(some, 25), body)
    assert [len(x) for x in after] == [2, 0, 1]
    assert after[1].keypoints_2d.shape == (0, 45, 2)
    assert len(apply_tracks([empty], [], body)) == 1
    assert apply_tracks([], [], body) == []


def test_tracks_of_others_are_refused(results, body):
    tracks = tracks_of(results, 25)
    late = replace(tracks[0], frame=tracks[0].frame + 1)
    with pytest.raises(ValueError, match='track 0 is of other frames'):
        apply_tracks(results, [late], body)
    others = [replace(x, body_model_id='smpl') for x in results]
    with pytest.raises(ValueError, match="with body model 'smpl'"):
        apply_tracks(others, tracks, body)
