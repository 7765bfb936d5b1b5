"""Frames of video files and webcams."""

import logging
from pathlib import Path
from typing import Iterator, Optional, Tuple, Union

import cv2
from mmengine.logging import print_log

from mmbopr.structures.picture import Picture

from .frame_clock import FrameClock
from .prefetch import prefetch

_FALLBACK_FPS = 30.0
# Some containers and browsers give the resolution of their clock instead.
_HIGHEST_FPS = 1000.0
# Containers without an index only estimate how many frames they hold.
_UNCERTAIN_FRAMES = 2


class VideoReader:
    """A video, read as often as it is iterated over.

    Frames are turned upright as the video says and decoded in a thread, a
    few ahead. A video that ends early yields the frames it has; that, and a
    variable frame rate, is logged as a warning at the end. ``frame`` of a
    picture is its number in the source, also where frames are skipped.

    Args:
        source: A file, or the number of a webcam.
        fps: How many frames a second to give; the others are skipped by
            their time. All frames by default, and never more than there are.
        prefetch_frames: How many decoded frames wait at most; of a webcam
            one, lest what is seen is long past.

    Attributes:
        name: The source, for messages.
        is_webcam: Whether frames come without end, and only once.
        fps: Frames a second of the source, by which frames are numbered.
        output_fps: Frames a second that are given.
        size: Width and height, upright.
        num_frames: How many frames the file says it has; None if unknown.
        frames_read: How many frames were found by the latest iteration,
            those skipped included.
        ended_early: Whether that iteration came to an end before the frames
            that the file says it has.

    Raises:
        FileNotFoundError: If there is no such file.
        OSError: If it is empty, or no video that OpenCV can read; if there
            is no such webcam.
        ValueError: If ``fps`` is not positive.
    """

    def __init__(
        self,
        source: Union[str, Path, int],
        fps: Optional[float] = None,
        prefetch_frames: int = 8,
    ):
        self.is_webcam = isinstance(source, int)
        self.name = f'webcam {source}' if self.is_webcam else str(source)
        if fps is not None and not fps > 0:
            raise ValueError(f'{self.name}: expected fps > 0, found {fps}')
        self._source = source
        self._prefetch_frames = 1 if self.is_webcam else prefetch_frames
        self.frames_read = 0
        self.ended_early = False
        capture = self._open()
        self.fps = self._rate(capture)
        self.output_fps = min(fps or self.fps, self.fps)
        self.size = self._size(capture)
        announced = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self.num_frames = announced if announced > 0 else None
        capture.release()

    @property
    def num_pictures(self) -> Optional[int]:
        """How many frames will be given; None if unknown."""
        if self.num_frames is None:
            return None
        return round(self.num_frames * self.output_fps / self.fps)

    def __iter__(self) -> Iterator[Picture]:
        """The frames in order, as :class:`Picture`.

        Raises:
            OSError: If there is none.
        """
        return prefetch(self._decode(), self._prefetch_frames)

    def _open(self) -> cv2.VideoCapture:
        if self.is_webcam:
            capture = cv2.VideoCapture(self._source)
            if not capture.isOpened():
                raise OSError(
                    f'{self.name}: found no such camera; check that it is '
                    'connected, that no other program uses it, and its number'
                )
            return capture
        path = Path(self._source)
        if not path.exists():
            raise FileNotFoundError(f'{path}: no such video')
        if path.is_file() and path.stat().st_size == 0:
            raise OSError(f'{path}: the file is empty; copy it again')
        capture = cv2.VideoCapture(str(path))
        if not capture.isOpened():
            raise OSError(
                f'{path}: found no video that OpenCV can read; if a player '
                'shows it, convert it with `ffmpeg -i FILE out.mp4`, '
                'otherwise copy it again: the end of the file may be missing'
            )
        # Builds of OpenCV differ in whether they do this by themselves.
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        return capture

    def _rate(self, capture: cv2.VideoCapture) -> float:
        fps = capture.get(cv2.CAP_PROP_FPS)
        if 0 < fps < _HIGHEST_FPS:
            return fps
        self._warn(
            f'has no usable frame rate ({fps:g}); taken as {_FALLBACK_FPS:g}'
        )
        return _FALLBACK_FPS

    def _size(self, capture: cv2.VideoCapture) -> Tuple[int, int]:
        return (
            int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )

    def _decode(self) -> Iterator[Picture]:
        capture = self._open()
        clock = FrameClock(self.fps, self.output_fps)
        self.frames_read = 0
        self.ended_early = False
        try:
            while capture.grab():
                milliseconds = capture.get(cv2.CAP_PROP_POS_MSEC)
                picked = clock.picks(milliseconds / 1000)
                if picked:
                    found, img = capture.retrieve()
                    if not found:
                        break
                self.frames_read += 1
                if picked:
                    yield Picture(img, self.name, self.frames_read - 1)
        finally:
            capture.release()
        self._report(clock)

    def _report(self, clock: FrameClock) -> None:
        """Say what is wrong with a video that was read to its end."""
        if self.frames_read == 0:
            raise OSError(
                f'{self.name}: found no frame that can be decoded; copy the '
                'file again'
            )
        announced = self.num_frames or 0
        missing = announced - clock.duration * self.fps
        self.ended_early = missing > _UNCERTAIN_FRAMES
        if self.ended_early:
            self._warn(
                f'ends early: {self.frames_read} of {announced} frames were '
                'read, and are kept'
            )
        if not self.is_webcam and not clock.is_steady:
            self._warn(
                'has a variable frame rate, or frames are missing; times are '
                f'those of a steady one of {self.fps:.5g} frames a second. '
                'Make it steady with `ffmpeg -i FILE -r 30 out.mp4`'
            )

    def _warn(self, message: str) -> None:
        print_log(f'{self.name} {message}', 'current', logging.WARNING)
