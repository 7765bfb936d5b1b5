"""When frames are shown, and which to take at a lower rate."""

import math

# Steps of time differ by less when only rounded to the container's clock.
_STEADY_RATIO = 1.5
# Of containers that count milliseconds, in seconds.
_ROUNDING = 0.002


class FrameClock:
    """Follows the times of a video's frames.

    Args:
        fps: Frames a second of the video.
        output_fps: Frames a second to pick; all frames from ``fps`` on.
    """

    def __init__(self, fps: float, output_fps: float):
        self._period = 1 / fps
        self._output_fps = output_fps
        self._picks_all = output_fps >= fps
        self._first = self._last = None
        self._shortest, self._longest = math.inf, 0.0
        self._num_due = 0

    def picks(self, seconds: float) -> bool:
        """Whether to take the next frame.

        Args:
            seconds: When the container shows it; where that does not rise,
                the frame rate counts.
        """
        if self._last is None:
            self._first = self._last = seconds
        else:
            step = seconds - self._last
            if step <= 0:
                step = self._period
            self._shortest = min(self._shortest, step)
            self._longest = max(self._longest, step)
            self._last += step
        if self._picks_all:
            return True
        # The first frame at the time that is due, or behind.
        elapsed = self._last - self._first + _ROUNDING
        if elapsed * self._output_fps < self._num_due:
            return False
        self._num_due = math.floor(elapsed * self._output_fps) + 1
        return True

    @property
    def is_steady(self) -> bool:
        """Whether all frames so far were equally far apart."""
        return self._longest <= _STEADY_RATIO * self._shortest

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last one."""
        return self._last - self._first + max(self._longest, self._period)
