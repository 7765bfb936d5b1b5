"""The Savitzky-Golay filter."""

from itertools import pairwise
from typing import List, Tuple

import torch
from torch import Tensor

from .spaces import Space

# So that a window of whole steps holds the samples at its ends.
_ROUNDING = 1e-6


class SavitzkyGolay:
    """Fit a polynomial of time around each value (Savitzky, Golay 1964).

    The polynomial runs through the tangent space at the middle of a window,
    fitted to as many samples as reach half a window to both sides; the value
    moves to where the polynomial is at its time. The ends use the first and
    the last whole window. For points evenly spaced in time this is
    ``scipy.signal.savgol_filter``. A motion of constant velocity, also
    angular, stays as it is, up to half a turn in half a window. It looks
    ahead, hence does not lag.

    Over a gap longer than half a window nothing is fitted: what is before
    and behind is smoothed by itself, in a shorter window if need be.

    Args:
        window: Seconds; samples further apart than half of it stay as they
            are.
        polyorder: Degree of the polynomial.
    """

    def __init__(self, window: float = 0.3, polyorder: int = 2):
        if window <= 0 or polyorder < 0:
            raise ValueError(
                'SavitzkyGolay: expected window > 0 and polyorder >= 0, found '
                f'{window} and {polyorder}'
            )
        self.window = window
        self.polyorder = polyorder

    def __call__(self, values: Tensor, times: Tensor, space: Space) -> Tensor:
        """Smooth a sequence.

        Args:
            values: (T, ..., C) of the space.
            times: (T,) seconds, rising; steps may differ.
            space: Where the values live.

        Returns:
            Tensor: (T, ..., C).
        """
        gaps = times.diff() > self.window / 2
        lengths = _run_lengths(gaps)
        runs = zip(values.split(lengths), times.split(lengths), strict=True)
        return torch.cat([self._smooth_run(*run, space) for run in runs])

    def _smooth_run(
        self, values: Tensor, times: Tensor, space: Space
    ) -> Tensor:
        if len(values) == 1:
            return values
        rows, weights = self._fits(times)
        centres = values[rows[:, rows.shape[1] // 2]]
        step = 0
        for k in range(rows.shape[1]):
            part = space.difference(centres, values[rows[:, k]])
            shape = (-1, *[1] * (part.ndim - 1))
            step = step + weights[:, k].reshape(shape) * part
        return space.move(centres, step)

    def _fits(self, times: Tensor) -> Tuple[Tensor, Tensor]:
        """Which samples (T, W) are fitted, and how much each counts."""
        num = len(times)
        half = int(self.window / 2 / times.diff().median() + _ROUNDING)
        size = min(2 * half + 1, num)
        first = (torch.arange(num) - half).clamp(0, num - size)
        rows = first[:, None] + torch.arange(size)
        centres = times[rows[:, size // 2], None]
        powers = torch.arange(min(self.polyorder, size - 1) + 1)
        # Offsets in windows keep the powers of one size.
        offsets = ((times[rows] - centres) / self.window)[..., None] ** powers
        own = ((times[:, None] - centres) / self.window) ** powers
        weights = own[:, None] @ torch.linalg.pinv(offsets)
        return rows, weights[:, 0]


def _run_lengths(gaps: Tensor) -> List[int]:
    """Lengths of the runs between gaps (T - 1,), together T."""
    ends = [*(gaps.nonzero()[:, 0] + 1).tolist(), len(gaps) + 1]
    return [b - a for a, b in pairwise([0, *ends])]
