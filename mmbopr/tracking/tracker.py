"""What any tracker does."""

from typing import Optional, Protocol

import numpy as np


class Tracker(Protocol):
    """Tells over the frames of one video who is who."""

    def update(
        self,
        frame_index: int,
        bboxes: np.ndarray,
        scores: np.ndarray,
        keypoints: Optional[np.ndarray] = None,
    ) -> np.ndarray:
        """Name the people of the next frame.

        Note: P: people, J: joints.

        Args:
            frame_index: Number of the frame in the video, higher than
                before; frames may be left out.
            bboxes: (P, 4) left, top, right, bottom in pixels.
            scores: (P,) how sure the detector was, 0 to 1.
            keypoints: (P, J, 2) in pixels, for trackers that look at them.

        Returns:
            np.ndarray: (P,) int64, from 0 in order of appearance; -1 for
            boxes that are taken for nobody.
        """
