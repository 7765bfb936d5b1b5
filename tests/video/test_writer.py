import shutil
import subprocess

import numpy as np
import pytest

from mmbopr.video import (
    FFmpegVideoWriter,
    OpenCVVideoWriter,
    VideoReader,
    open_video_writer,
)

needs_ffmpeg = pytest.mark.skipif(
    shutil.which('ffmpeg') is None, reason='needs ffmpeg'
)
writers = pytest.mark.parametrize(
    'writer_class',
    [pytest.param(FFmpegVideoWriter, marks=needs_ffmpeg), OpenCVVideoWriter],
)


def picture(width, height, value=100):
    """A left half of one colour, a right half of another."""
    img = np.full((height, width, 3), (value, 60, 180), np.uint8)
    img[:, width // 2 :] = (40, value, 90)
    return img


@writers
@pytest.mark.parametrize('size', [(96, 64), (95, 63)])
def test_what_was_written_is_read(writer_class, size, tmp_path):
    path = tmp_path / 'new' / 'out.mp4'
    frames = [picture(*size, 10 * i + 50) for i in range(12)]

    with writer_class(path, 29.97) as writer:
        for frame in frames:
            writer.write(frame)
        assert not path.exists()

    assert [p.name for p in path.parent.iterdir()] == ['out.mp4']
    assert writer.num_frames == 12
    reader = VideoReader(path)
    assert reader.fps == pytest.approx(29.97, abs=0.001)
    assert reader.size == (96, 64)
    read = [p.img[: size[1], : size[0]] for p in reader]
    assert len(read) == 12
    errors = np.abs(np.float32(read) - frames).mean((1, 2, 3))
    assert errors.max() < 6
    # The row and column that were added continue the picture.
    last = next(iter(reader)).img
    np.testing.assert_allclose(last[-1, -1], frames[0][-1, -1], atol=12)


@needs_ffmpeg
def test_every_player_can_show_it(tmp_path):
    with FFmpegVideoWriter(tmp_path / 'a.mp4', 25) as writer:
        writer.write(picture(96, 64))
    entries = 'stream=codec_name,pix_fmt,color_space,avg_frame_rate'
    command = ['ffprobe', '-v', 'error', '-of', 'csv', '-show_entries']
    found = subprocess.check_output(
        [*command, entries, tmp_path / 'a.mp4'], text=True
    )
    assert found.strip() == 'stream,h264,yuv420p,smpte170m,25/1'


@writers
def test_after_an_error_there_is_nothing_new(writer_class, tmp_path):
    path = tmp_path / 'out.mp4'
    path.write_text('of before')
    with (
        pytest.raises(RuntimeError, match='midway'),
        writer_class(path, 25) as writer,
    ):
        writer.write(picture(96, 64))
        raise RuntimeError('midway')
    assert path.read_text() == 'of before'
    assert list(tmp_path.iterdir()) == [path]


@writers
def test_nothing_is_no_video(writer_class, tmp_path):
    with (
        pytest.raises(ValueError, match=r'out\.mp4: no frame was written'),
        writer_class(tmp_path / 'out.mp4', 25),
    ):
        pass
    assert not list(tmp_path.iterdir())


@writers
def test_other_frames_are_refused(writer_class, tmp_path):
    with pytest.raises(ValueError, match=r'frame 1 is of size \(64, 64\)'):
        with writer_class(tmp_path / 'out.mp4', 25) as writer:
            writer.write(picture(96, 64))
            writer.write(picture(64, 64))
    with pytest.raises(ValueError, match='of float32'):
        with writer_class(tmp_path / 'out.mp4', 25) as writer:
            writer.write(np.float32(picture(96, 64)))
    assert not list(tmp_path.iterdir())


def test_names_and_rates_are_checked(tmp_path):
    with pytest.raises(ValueError, match=r'out\.gif: expected a name'):
        open_video_writer(tmp_path / 'out.gif', 25)
    with pytest.raises(ValueError, match=r'out\.mp4: expected fps > 0'):
        open_video_writer(tmp_path / 'out.mp4', 0)


@needs_ffmpeg
def test_what_stops_ffmpeg_is_said(tmp_path):
    (tmp_path / 'out.partial.mp4').mkdir()
    writer = FFmpegVideoWriter(tmp_path / 'out.mp4', 25)
    with pytest.raises(OSError, match=r'ffmpeg cannot write it: .*directory'):
        try:
            for _ in range(100):
                writer.write(picture(640, 480))
        finally:
            writer._release()


def test_what_stops_ffmpeg_at_the_end_is_said(tmp_path, monkeypatch):
    fake = tmp_path / 'bin/ffmpeg'
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\necho no space left >&2\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv('PATH', str(fake.parent))
    path = tmp_path / 'out' / 'a.mp4'
    with (
        pytest.raises(OSError, match=r'a\.mp4: ffmpeg .* it: no space left'),
        FFmpegVideoWriter(path, 25) as writer,
    ):
        writer.write(picture(16, 16))  # so small that it waits for the end
        writer._process.wait()
    assert not list(path.parent.iterdir())


def test_without_ffmpeg_opencv_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, 'which', lambda name: None)
    writer = open_video_writer(tmp_path / 'out.mp4', 25)
    assert isinstance(writer, OpenCVVideoWriter)
    assert 'MPEG-4' in writer.codec


def test_an_ffmpeg_without_h264_is_passed_over(tmp_path, monkeypatch):
    fake = tmp_path / 'ffmpeg'
    fake.write_text('#!/bin/sh\necho " V..... mpeg4"\n')
    fake.chmod(0o755)
    monkeypatch.setenv('PATH', str(tmp_path))
    writer = open_video_writer(tmp_path / 'out.mp4', 25)
    assert isinstance(writer, OpenCVVideoWriter)


@needs_ffmpeg
def test_with_ffmpeg_it_writes(tmp_path):
    assert isinstance(
        open_video_writer(tmp_path / 'out.mp4', 25), FFmpegVideoWriter
    )
