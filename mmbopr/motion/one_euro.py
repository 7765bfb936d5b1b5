"""The One-Euro filter."""

import math
from typing import Union

import torch
from torch import Tensor

from .spaces import Space


class OneEuro:
    """A low-pass filter that lets fast motion through (Casiez, CHI 2012).

    Each value is followed by a first-order filter whose cutoff rises with
    the speed, algorithm 1 of the paper. Steps are taken in the tangent space
    at the last smoothed value, and the speed is the length of the filtered
    velocity there, so that neither the choice of axes nor that of a
    rotation's sign matters. Only the past is used: it lags, and also works
    while a video is being recorded.

    Args:
        min_cutoff: Cutoff at rest in Hz; lower is smoother.
        beta: Hz by which one radian or metre a second raises the cutoff;
            higher lags less.
        d_cutoff: Cutoff of the velocity in Hz.
    """

    def __init__(
        self,
        min_cutoff: float = 1.0,
        beta: float = 1.0,
        d_cutoff: float = 1.0,
    ):
        if min_cutoff <= 0 or beta < 0 or d_cutoff <= 0:
            raise ValueError(
                'OneEuro: expected min_cutoff > 0, beta >= 0 and d_cutoff > '
                f'0, found {min_cutoff}, {beta} and {d_cutoff}'
            )
        self.min_cutoff = min_cutoff
        self.beta = beta
        self.d_cutoff = d_cutoff

    def __call__(self, values: Tensor, times: Tensor, space: Space) -> Tensor:
        """Smooth a sequence.

        Args:
            values: (T, ..., C) of the space.
            times: (T,) seconds, rising; steps may differ.
            space: Where the values live.

        Returns:
            Tensor: (T, ..., C).
        """
        smooth = values.clone()
        velocity = torch.zeros_like(space.difference(values[:1], values[:1]))
        velocity = velocity.squeeze(0)
        for t, dt in enumerate(times.diff().tolist(), 1):
            step = space.difference(smooth[t - 1], values[t])
            velocity = velocity + _weight(self.d_cutoff, dt) * (
                step / dt - velocity
            )
            speed = velocity.norm(dim=-1, keepdim=True)
            cutoff = self.min_cutoff + self.beta * speed
            smooth[t] = space.move(smooth[t - 1], _weight(cutoff, dt) * step)
        return smooth


def _weight(cutoff: Union[float, Tensor], dt: float) -> Union[float, Tensor]:
    """Weight of the new value in a first-order low-pass filter."""
    return 1 / (1 + 1 / (2 * math.pi * cutoff * dt))
