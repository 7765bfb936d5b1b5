"""A picture in memory, and where it came from."""

from pathlib import Path
from typing import NamedTuple, Optional

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
        """Name of files that belong to it, without their suffix.

        With the picture's own suffix, as a folder may hold two pictures that
        differ by nothing else.
        """
        name = Path(self.path).name
        return name if self.frame is None else f'{name}_{self.frame:06d}'
