"""How many samples a second a data loader gives, and what they cost."""

import sys
import time
from itertools import islice
from typing import Callable, Dict, Iterator

import numpy as np
from mmengine.utils import ProgressBar
from torch.utils.data import DataLoader

from mmbopr.datasets import BodyMeshDataset


def time_transforms(
    dataset: BodyMeshDataset, num_samples: int
) -> Dict[str, float]:
    """CPU time of each step of a pipeline, in this process.

    Args:
        dataset: The samples are its first ones, again and again.
        num_samples: How many are prepared.

    Returns:
        dict[str, float]: Name of the step -> ms a sample; a number tells
        namesakes apart.
    """
    steps = dataset.pipeline.transforms
    names = ['get_data_info', *(type(step).__name__ for step in steps)]
    names = [
        f'{name} ({i})' if name in names[:i] else name
        for i, name in enumerate(names)
    ]
    seconds = np.zeros(len(names))
    for idx in range(num_samples):
        start = time.process_time()
        results = dataset.get_data_info(idx % len(dataset))
        seconds[0] += time.process_time() - start
        for i, step in enumerate(steps, 1):
            start = time.process_time()
            results = step(results)
            seconds[i] += time.process_time() - start
    return dict(zip(names, seconds / num_samples * 1e3, strict=True))


def samples_per_second(
    loader: DataLoader,
    max_iter: int,
    num_warmup: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Take batches as fast as they come, epoch after epoch.

    Args:
        loader: Gives dicts with ``data_samples``.
        max_iter: How many batches are measured.
        num_warmup: Batches before these, while workers start.
        clock: Seconds.

    Raises:
        ValueError: If the loader gives no batch.
    """
    if len(loader) == 0:
        raise ValueError(
            'the loader gives no batch: with drop_last, batch_size must not '
            'exceed the samples of an epoch'
        )
    batches = _endless(loader)
    for _ in islice(batches, num_warmup):
        pass
    progress = ProgressBar(max_iter, file=sys.stderr)
    count, start = 0, clock()
    for batch in islice(batches, max_iter):
        count += len(batch['data_samples'])
        progress.update()
    seconds = clock() - start
    progress.file.write('\n')
    return count / seconds


def _endless(loader: DataLoader) -> Iterator[dict]:
    while True:
        yield from loader
