"""Videos: reading, writing, and the people in them over time."""

from .reader import VideoReader
from .writer import (
    BaseVideoWriter,
    FFmpegVideoWriter,
    OpenCVVideoWriter,
    open_video_writer,
)

__all__ = [
    'BaseVideoWriter',
    'FFmpegVideoWriter',
    'OpenCVVideoWriter',
    'VideoReader',
    'open_video_writer',
]
