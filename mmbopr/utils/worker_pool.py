"""Processes that share out work whose result must not depend on them."""

import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Iterator

import cv2
import torch


def _start_worker() -> None:
    # The parent alone answers an interrupt; it then ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)


def _end_with_parent() -> None:
    """A parent that is killed has no time to end its workers."""
    parent_process().join()
    os._exit(1)


@contextmanager
def worker_pool(workers: int) -> Iterator[Executor]:
    """Single-threaded processes: sums must not depend on the machine's cores.

    They are started afresh, since numpy's linear algebra reads its number of
    threads from the environment when it is loaded.  They end with the
    process that started them, also where it is killed.

    Args:
        workers: Number of processes.

    Yields:
        Executor: Work that has not begun when the block is left is given up.

    Raises:
        ValueError: If ``workers`` is less than 1.
    """
    if workers < 1:
        raise ValueError(f'workers must be at least 1, got {workers}')
    before = dict(os.environ)
    os.environ.update(OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1')
    pool = ProcessPoolExecutor(workers, get_context('spawn'), _start_worker)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        os.environ.clear()
        os.environ.update(before)
