"""A picture in memory, and where it came from."""

from pathlib import Path
from typing import NamedTuple, Optional, Union

import numpy as np


class Picture(NamedTuple):
    """A decoded picture or video frame, upright as it is looked at.

    Attributes:
        img: (H, W, 3) uint8, BGR as OpenCV reads it.
        path: The picture or the video; messages and results name it.
        frame: Number of the video frame, from 0; None for a picture.
    """

    img: np.ndarray
    path: str
    frame: Optional[int] = None

    @property
    def name(self) -> str:
        """What messages call it."""
        if self.frame is None:
            return self.path
        return f'{self.path}, frame {self.frame}'

    @property
    def stem(self) -> str:
        """See :func:`file_stem`."""
        return file_stem(self.path, self.frame)


def file_stem(path: Union[str, Path], frame: Optional[int] = None) -> str:
    """Name, without suffix, of files that belong to a picture.

    It has the picture's own suffix, as a folder may hold two pictures that
    differ by nothing else.

    Args:
        path: The picture or the video.
        frame: Number of the video frame; None for a picture.
    """
    name = Path(path).name
    return name if frame is None else f'{name}_{frame:06d}'
