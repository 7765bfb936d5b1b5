"""Kalman filters of moving boxes."""

from typing import Optional

import numpy as np

# Standard deviations in heights of the box: of a detector's edge, of the
# change of velocity a frame, and of the velocity at first.
_EDGE, _ACCELERATION, _VELOCITY = 0.05, 0.005, 0.05


class BoxFilter:
    """Constant-velocity Kalman filters for the edges of M boxes.

    All noise is a share of the box's height, and the four edges are
    independent and alike. So one covariance in heights, of an edge and its
    velocity, serves a whole box, whatever its size.

    Args:
        boxes: (M, 4) left, top, right, bottom in pixels; none by default.

    Attributes:
        boxes: (M, 4) where the boxes are expected.
        velocity: (M, 4) pixels a frame.
        covariance: (M, 2, 2) in heights.
    """

    def __init__(self, boxes: Optional[np.ndarray] = None):
        self.boxes = np.zeros((0, 4)) if boxes is None else boxes
        self.velocity = np.zeros_like(self.boxes)
        start = np.diag([_EDGE**2, _VELOCITY**2])
        self.covariance = np.tile(start, (len(self.boxes), 1, 1))

    def predict(self, frames: int) -> None:
        """Let time pass.

        Args:
            frames: How many frames of the video.
        """
        motion = np.array([[1.0, frames], [0.0, 1.0]])
        self.boxes = self.boxes + frames * self.velocity
        # Of white acceleration, over that many frames.
        t = float(frames)
        noise = [[t**3 / 3, t**2 / 2], [t**2 / 2, t]]
        self.covariance = (
            motion @ self.covariance @ motion.T
            + _ACCELERATION** 2 * np.array(noise)
        )

    def correct(self, rows: np.ndarray, boxes: np.ndarray) -> None:
        """Take in where some boxes were found.

        Args:
            rows: (N,) which boxes.
            boxes: (N, 4) where they are.
        """
        P = self.covariance[rows]
        gain = P[:, :, 0] / (P[:, 0, 0] + _EDGE**2)[:, None]
        surprise = boxes - self.boxes[rows]
        self.boxes[rows] += gain[:, :1] * surprise
        self.velocity[rows] += gain[:, 1:] * surprise
        self.covariance[rows] = P - gain[:, :, None] * P[:, :1]

    def add(self, boxes: np.ndarray) -> None:
        """Follow (N, 4) more boxes, last in order."""
        other = BoxFilter(boxes)
        for name, array in vars(self).items():
            joined = np.concatenate([array, vars(other)[name]])
            setattr(self, name, joined)

    def select(self, kept: np.ndarray) -> 'BoxFilter':
        """The filters where (M,) bool ``kept`` is true."""
        chosen = BoxFilter()
        for name, array in vars(self).items():
            setattr(chosen, name, array[kept])
        return chosen
