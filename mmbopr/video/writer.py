"""Video files, written whole or not at all."""

import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Iterator, Optional, Tuple, Union

import cv2
import numpy as np

# Denominators of the rates of television, such as 30000 / 1001.
_MAX_DENOMINATOR = 1001


class BaseVideoWriter(ABC):
    """A context that takes frames and leaves an mp4.

    The file appears when the context is left; after an error there is
    nothing. Odd sizes grow by a row or column, repeated from the edge, as
    mp4 players want even ones.

    Args:
        path: The file, ``.mp4``; missing folders are made.
        fps: Frames a second.

    Attributes:
        codec: What the frames are written as.
        num_frames: How many frames were written.

    Raises:
        ValueError: If the suffix is another, or ``fps`` is not positive.
    """

    codec: str

    def __init__(self, path: Union[str, Path], fps: float):
        self.path = Path(path)
        if self.path.suffix.lower() != '.mp4':
            raise ValueError(f'{path}: expected a name that ends in .mp4')
        if not fps > 0:
            raise ValueError(f'{path}: expected fps > 0, found {fps}')
        self.fps = fps
        self.num_frames = 0
        self._temporary = self.path.with_name(f'{self.path.stem}.partial.mp4')
        self._size: Optional[Tuple[int, int]] = None

    def __enter__(self) -> 'BaseVideoWriter':
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, error_type, *_) -> None:
        try:
            if error_type is None:
                self._complete()
        finally:
            self._release()
            self._temporary.unlink(missing_ok=True)

    def _complete(self) -> None:
        if not self.num_frames:
            raise ValueError(f'{self.path}: no frame was written')
        self._finish()
        self._temporary.replace(self.path)

    def write(self, frame: np.ndarray) -> None:
        """Append a frame.

        Args:
            frame: (H, W, 3) uint8, BGR; all of one size.

        Raises:
            ValueError: If it is no such picture, or of another size.
            OSError: If it cannot be written; says why.
        """
        if frame.dtype != np.uint8 or frame.shape[2:] != (3,):
            raise ValueError(
                f'{self.path}: expected frames (H, W, 3) of uint8, found '
                f'{frame.shape} of {frame.dtype}'
            )
        size = frame.shape[1::-1]
        if self._size is None:
            self._size = size
            self._begin((size[0] + size[0] % 2, size[1] + size[1] % 2))
        if size != self._size:
            raise ValueError(
                f'{self.path}: frame {self.num_frames} is of size {size}, '
                f'those before are of {self._size}'
            )
        frame = np.ascontiguousarray(frame)
        if size[0] % 2 or size[1] % 2:
            frame = cv2.copyMakeBorder(
                frame, 0, size[1] % 2, 0, size[0] % 2, cv2.BORDER_REPLICATE
            )
        self._append(frame)
        self.num_frames += 1

    @abstractmethod
    def _begin(self, size: Tuple[int, int]) -> None:
        """Open ``_temporary`` for frames of an even width and height."""

    @abstractmethod
    def _append(self, frame: np.ndarray) -> None:
        """Add a frame."""

    @abstractmethod
    def _finish(self) -> None:
        """Complete and close the file."""

    @abstractmethod
    def _release(self) -> None:
        """Let go of everything, whatever happened before."""


class FFmpegVideoWriter(BaseVideoWriter):
    """H.264 in yuv420p through ``ffmpeg``: what every player shows."""

    codec = 'H.264 (ffmpeg)'
    _process: Optional[subprocess.Popen] = None

    def _begin(self, size: Tuple[int, int]) -> None:
        rate = Fraction(self.fps).limit_denominator(_MAX_DENOMINATOR)
        width, height = size
        self._messages = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [
                *('ffmpeg', '-loglevel', 'error', '-y'),
                *('-f', 'rawvideo', '-pix_fmt', 'bgr24'),
                *('-video_size', f'{width}x{height}'),
                *('-framerate', str(rate), '-i', 'pipe:'),
                *('-c:v', 'libx264', '-pix_fmt', 'yuv420p'),
                *('-preset', 'veryfast', '-crf', '20'),
                # The matrix that ffmpeg converts with, which players guess
                # otherwise.
                *('-colorspace', 'smpte170m', '-color_range', 'tv'),
                *('-movflags', '+faststart', str(self._temporary.resolve())),
            ],
            stdin=subprocess.PIPE,
            stderr=self._messages,
        )

    def _append(self, frame: np.ndarray) -> None:
        with self._explaining():
            self._process.stdin.write(frame.data)

    def _finish(self) -> None:
        with self._explaining():
            self._process.stdin.close()
        if self._process.wait() != 0:
            raise self._failure()

    def _release(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._messages.close()

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError as error:  # it has ended, and said why
            raise self._failure() from error

    def _failure(self) -> OSError:
        self._process.wait()
        self._messages.seek(0)
        text = self._messages.read().decode(errors='replace').strip()
        return OSError(f'{self.path}: ffmpeg cannot write it: {text}')


class OpenCVVideoWriter(BaseVideoWriter):
    """MPEG-4 part 2 through OpenCV: larger files, not shown by browsers."""

    codec = 'MPEG-4 (OpenCV; install ffmpeg for H.264)'
    _writer: Optional[cv2.VideoWriter] = None

    def _begin(self, size: Tuple[int, int]) -> None:
        fourcc = cv2.VideoWriter_fourcc(*'mp4v')
        self._writer = cv2.VideoWriter(
            str(self._temporary), fourcc, self.fps, size
        )
        if not self._writer.isOpened():
            raise OSError(
                f'{self.path}: OpenCV cannot write a video there; check that '
                'the folder can be written to'
            )

    def _append(self, frame: np.ndarray) -> None:
        self._writer.write(frame)

    def _finish(self) -> None:
        self._writer.release()

    def _release(self) -> None:
        if self._writer is not None:
            self._writer.release()


def open_video_writer(path: Union[str, Path], fps: float) -> BaseVideoWriter:
    """The best writer that this machine has.

    Args:
        path: The file, ``.mp4``.
        fps: Frames a second.

    Returns:
        BaseVideoWriter: Of H.264 where there is an ``ffmpeg`` that can write
        it, otherwise of MPEG-4; its ``codec`` says which.
    """
    cls = FFmpegVideoWriter if _ffmpeg_has_x264() else OpenCVVideoWriter
    return cls(path, fps)


def _ffmpeg_has_x264() -> bool:
    if shutil.which('ffmpeg') is None:
        return False
    command = ['ffmpeg', '-loglevel', 'error', '-encoders']
    found = subprocess.run(command, capture_output=True, check=False)
    return b'libx264' in found.stdout
