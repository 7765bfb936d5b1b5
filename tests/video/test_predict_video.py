import shutil

import numpy as np
import pytest

from mmbopr.motion import SavitzkyGolay
from mmbopr.structures import MeshTrack
from mmbopr.video import VideoReader, draw_video, predict_video

FRAMES = 20


@pytest.fixture(scope='module')
def video(tmp_path_factory, write_frames):
    """Each frame's brightness is its number."""
    frames = [np.full((480, 640, 3), 10 * i, np.uint8) for i in range(FRAMES)]
    return write_frames(tmp_path_factory.mktemp('v') / 'v.avi', frames)


def mark_people(image, result):
    """The frame, with a red corner per person."""
    assert image.shape == (480, 640, 3) and image.flags.c_contiguous
    image[:40, : 40 * len(result)] = (255, 0, 0)
    return image


@pytest.fixture(scope='module')
def out_dir(tmp_path_factory):
    return tmp_path_factory.mktemp('predicted') / 'new' / 'out'


@pytest.fixture(scope='module')
def written(inferencer, video, out_dir):
    found = predict_video(
        inferencer,
        video,
        out_dir,
        smoother=SavitzkyGolay(),
        draw=mark_people,
        batch_size=4,
    )
    assert inferencer.calls.pop() == dict(batch_size=4)
    return found


def test_a_file_a_person(written, out_dir):
    files = sorted((out_dir / 'tracks').iterdir())
    assert [f.name for f in files] == ['track_0000.npz', 'track_0001.npz']
    assert written.track_files == files
    everywhere = list(range(FRAMES))
    gap = [i for i in everywhere if i not in (3, 4, 5)]
    tracks = [MeshTrack.load(file) for file in files]
    assert sorted([t.frame.tolist() for t in tracks]) == [everywhere, gap]
    for track, returned in zip(tracks, written.tracks, strict=True):
        assert track.fps == 25
        np.testing.assert_array_equal(track.body_pose, returned.body_pose)


def test_motion_is_smoothed_and_shape_is_one(written, inferencer):
    raw = [inferencer.result_of(i) for i in range(6, FRAMES)]
    noise = np.diff([r.body_pose[1] for r in raw], axis=0).std()
    smooth = [r.body_pose[1] for r in written.results[6:]]
    assert np.diff(smooth, axis=0).std() < 0.4 * noise
    for track in written.tracks:
        np.testing.assert_array_equal(np.ptp(track.betas, 0), 0)


def test_results_agree_with_the_tracks(written):
    assert [r.frame for r in written.results] == list(range(FRAMES))
    for track in written.tracks:
        for frame, transl in zip(track.frame, track.cam_t_full, strict=True):
            result = written.results[frame]
            row = result.track_id.tolist().index(track.track_id)
            np.testing.assert_array_equal(result.cam_t_full[row], transl)


def test_the_overlay_shows_each_frame_with_its_people(written, out_dir):
    assert written.overlay_file == out_dir / 'overlay.mp4'
    reader = VideoReader(written.overlay_file)
    assert (reader.fps, reader.size) == (25, (640, 480))
    pictures = list(reader)
    assert len(pictures) == FRAMES
    for picture in pictures:
        brightness = picture.img[60:].mean()
        assert brightness == pytest.approx(10 * picture.frame, abs=5)
        blue, _, red = picture.img[10:30, 50:70].mean((0, 1))
        two = picture.frame not in (3, 4, 5)
        assert (red > 200 and blue < 50) == two


def test_a_lower_rate(inferencer, video, tmp_path):
    found = predict_video(inferencer, video, tmp_path, draw=mark_people, fps=5)
    assert [r.frame for r in found.results] == [0, 5, 10, 15]
    # Frames 3, 4 are not looked at; both people keep their numbers.
    assert [t.frame.tolist() for t in found.tracks] in (
        [[0, 5, 10, 15], [0, 10, 15]],
        [[0, 10, 15], [0, 5, 10, 15]],
    )
    assert found.tracks[0].fps == 25
    overlay = VideoReader(found.overlay_file)
    assert overlay.fps == 5 and len(list(overlay)) == 4


def test_without_smoothing_and_drawing(inferencer, video, tmp_path):
    (tmp_path / 'tracks').mkdir()
    (tmp_path / 'tracks' / 'track_0007.npz').touch()
    (tmp_path / 'tracks' / 'mine.npz').touch()

    found = predict_video(inferencer, video, tmp_path)

    raw = inferencer.result_of(0)
    np.testing.assert_array_equal(found.results[0].joints, raw.joints)
    assert found.overlay_file is None
    # What an earlier run left is gone; what is not ours is not.
    names = {f.name for f in (tmp_path / 'tracks').iterdir()}
    assert names == {'mine.npz', 'track_0000.npz', 'track_0001.npz'}


def test_a_folder_that_cannot_be_is_found_out_first(
    inferencer, video, tmp_path
):
    (tmp_path / 'out').touch()
    inferencer.calls.clear()
    with pytest.raises(OSError, match='out'):
        predict_video(inferencer, video, tmp_path / 'out')
    assert inferencer.calls == []


def test_results_of_other_frames_are_not_drawn(inferencer, video, tmp_path):
    results = [inferencer.result_of(i) for i in (0, 2)]
    with pytest.raises(ValueError, match='frame 1: its result is of frame 2'):
        draw_video(
            VideoReader(video), results, mark_people, tmp_path / 'o.mp4'
        )
    assert not list(tmp_path.iterdir())


def test_frames_are_never_held(inferencer, video, tmp_path, monkeypatch):
    """No more than the few that wait are alive at a time."""
    alive, most = set(), 0

    class Counted(np.ndarray):
        def __del__(self):
            alive.discard(id(self))

    def count(reader):
        nonlocal most
        for picture in decode(reader):
            img = picture.img.view(Counted)
            alive.add(id(img))
            most = max(most, len(alive))
            yield picture._replace(img=img)

    decode = VideoReader._decode
    monkeypatch.setattr(VideoReader, '_decode', count)
    predict_video(inferencer, video, tmp_path, draw=mark_people)
    assert 5 < most <= 11


def test_without_ffmpeg_it_is_written_too(
    inferencer, video, tmp_path, monkeypatch
):
    monkeypatch.setattr(shutil, 'which', lambda name: None)
    found = predict_video(inferencer, video, tmp_path, draw=mark_people)
    assert len(list(VideoReader(found.overlay_file))) == FRAMES
