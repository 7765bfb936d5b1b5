"""How many images a second a model takes, and how long one waits."""

import resource
import sys
import time
from typing import Callable, NamedTuple, Sequence

import numpy as np
import torch
from mmengine.utils import track_iter_progress

_PERCENTILES = (50, 90, 99)


class Speed(NamedTuple):
    """What batches of one size took.

    Attributes:
        batch_size: Crops in a batch.
        images_per_second: Over all measured batches.
        p50: Median time of a batch in ms.
        p90: Nine of ten batches took less, in ms.
        p99: 99 of 100 likewise.
    """

    batch_size: int
    images_per_second: float
    p50: float
    p90: float
    p99: float


def measure_speed(
    step: Callable[[], object],
    batch_size: int,
    max_iter: int,
    num_warmup: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Speed:
    """Time the same batch again and again.

    Args:
        step: Works on a batch and returns what lies on the CPU, so that
            nothing is still running.
        batch_size: Images in it.
        max_iter: How often it is measured.
        num_warmup: How often it is run before that.
        clock: Seconds.
    """
    seconds = []
    rounds = range(num_warmup + max_iter)
    for number in track_iter_progress(rounds, file=sys.stderr):
        start = clock()
        step()
        if number >= num_warmup:
            seconds.append(clock() - start)
    return Speed(
        batch_size,
        batch_size * max_iter / sum(seconds),
        *_milliseconds(seconds),
    )


def _milliseconds(seconds: Sequence[float]) -> np.ndarray:
    return 1e3 * np.percentile(seconds, _PERCENTILES)


def peak_memory(device: str) -> float:
    """MB: the most that this process, or torch on a GPU, has held so far."""
    if torch.device(device).type == 'cuda':
        return torch.cuda.max_memory_allocated(device) / 1024**2
    # Kilobytes on Linux.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
