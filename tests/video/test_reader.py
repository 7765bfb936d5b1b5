"""Videos of known frames; each frame's brightness is its number."""

import shutil
import subprocess
from itertools import islice

import numpy as np
import pytest

from mmbopr.testing.phone_videos import turn_phone
from mmbopr.video import OpenCVVideoWriter, VideoReader
from mmbopr.video import reader as reader_module

WIDTH, HEIGHT = 96, 64
needs_ffmpeg = pytest.mark.skipif(
    shutil.which('ffmpeg') is None, reason='needs ffmpeg'
)


def numbered(count):
    return [np.full((HEIGHT, WIDTH, 3), 4 * i, np.uint8) for i in range(count)]


def numbers(pictures):
    return [round(float(p.img.mean()) / 4) for p in pictures]


def ffmpeg(*arguments):
    command = ['ffmpeg', '-loglevel', 'error', '-y', *map(str, arguments)]
    subprocess.run(command, check=True)


@pytest.fixture(scope='module')
def video(tmp_path_factory, write_frames):
    path = tmp_path_factory.mktemp('video') / 'v.avi'
    return write_frames(path, numbered(50))


@pytest.fixture
def warnings(monkeypatch):
    """What readers log."""
    said = []
    monkeypatch.setattr(
        reader_module, 'print_log', lambda text, *_: said.append(text)
    )
    return said


def test_frames_and_facts(video):
    reader = VideoReader(video)
    assert (reader.fps, reader.output_fps) == (25, 25)
    assert reader.size == (WIDTH, HEIGHT)
    assert reader.num_frames == 50

    pictures = list(reader)

    assert [p.frame for p in pictures] == list(range(50))
    assert numbers(pictures) == list(range(50))
    assert {p.path for p in pictures} == {str(video)}
    assert pictures[0].img.shape == (HEIGHT, WIDTH, 3)
    assert reader.frames_read == 50


def test_a_video_can_be_read_again_and_left_early(video):
    reader = VideoReader(video)
    assert numbers(islice(reader, 3)) == [0, 1, 2]
    assert numbers(reader) == list(range(50))


def test_a_lower_rate_keeps_the_numbers_of_the_frames(video):
    reader = VideoReader(video, fps=5)
    assert (reader.fps, reader.output_fps) == (25, 5)
    assert reader.num_pictures == 10
    pictures = list(reader)
    assert not reader.ended_early
    assert [p.frame for p in pictures] == list(range(0, 50, 5))
    assert numbers(pictures) == list(range(0, 50, 5))
    assert reader.frames_read == 50


def test_a_higher_rate_is_that_of_the_video(video):
    reader = VideoReader(video, fps=60)
    assert reader.output_fps == 25
    assert len(list(reader)) == 50


@pytest.mark.parametrize('degrees', [0, 90, 180, 270])
def test_frames_are_upright(tmp_path, degrees):
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    frame[: HEIGHT // 2, : WIDTH // 2] = 255
    frame[HEIGHT // 2 :, : WIDTH // 2] = (0, 0, 255)
    path = tmp_path / 'phone.mp4'
    with OpenCVVideoWriter(path, 25) as writer:
        for _ in range(3):
            writer.write(frame)
    turn_phone(path, degrees)

    reader = VideoReader(path)
    img = next(iter(reader)).img

    upright = np.rot90(frame, k=-degrees // 90)
    assert img.shape == upright.shape
    assert reader.size == upright.shape[1::-1]
    assert np.abs(np.float32(img) - upright).mean() < 8


# --- what is wrong with videos
def test_a_video_that_ends_early_is_kept_and_counted(
    video, tmp_path, warnings
):
    short = tmp_path / 'short.avi'
    content = video.read_bytes()
    short.write_bytes(content[: len(content) // 2])
    reader = VideoReader(short)

    read = numbers(reader)

    assert 10 < len(read) < 40 and read == list(range(len(read)))
    assert reader.ended_early and reader.num_pictures == 50
    (said,) = warnings
    expected = f'short.avi ends early: {len(read)} of 50 frames'
    assert expected in said


@needs_ffmpeg
def test_a_variable_frame_rate_is_said(tmp_path, write_frames, warnings):
    for name, fps in (('quick', 25), ('slow', 5)):
        write_frames(tmp_path / f'{name}.mkv', numbered(25), fps)
    (tmp_path / 'both').write_text('file quick.mkv\nfile slow.mkv\n')
    joined = tmp_path / 'vfr.mkv'
    ffmpeg('-f', 'concat', '-i', tmp_path / 'both', '-c', 'copy', joined)
    reader = VideoReader(joined, fps=5)

    pictures = list(reader)

    # A second of every fifth frame, and five of every one.
    assert [p.frame for p in pictures][:5] == [0, 5, 10, 15, 20]
    assert len(pictures) == pytest.approx(30, abs=1)
    (said,) = warnings
    assert 'vfr.mkv has a variable frame rate' in said


def test_a_good_video_is_not_complained_about(video, warnings):
    list(VideoReader(video))
    assert warnings == []


def test_unreadable_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'no\.mp4: no such video'):
        VideoReader(tmp_path / 'no.mp4')
    (tmp_path / 'empty.mp4').touch()
    with pytest.raises(OSError, match=r'empty\.mp4: the file is empty'):
        VideoReader(tmp_path / 'empty.mp4')
    (tmp_path / 'text.mp4').write_text('not a video' * 100)
    with pytest.raises(OSError, match=r'text\.mp4: found no video'):
        VideoReader(tmp_path / 'text.mp4')
    with pytest.raises(OSError, match='found no video'):
        VideoReader(tmp_path)


def test_a_missing_webcam_is_named():
    with pytest.raises(OSError, match='webcam 77: found no such camera'):
        VideoReader(77)


@pytest.mark.parametrize('fps', [0, -1, float('nan')])
def test_senseless_rates_are_refused(video, fps):
    with pytest.raises(ValueError, match=r'v\.avi: expected fps > 0'):
        VideoReader(video, fps=fps)
