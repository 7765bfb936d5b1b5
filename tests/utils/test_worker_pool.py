import os
import signal
import subprocess
import sys

import pytest

from mmbopr.utils.worker_pool import worker_pool

# A parent with a busy worker, whose id it prints.
PARENT = """
import os, time
from mmbopr.utils.worker_pool import worker_pool

with worker_pool(1) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(time.sleep, 120).result()
"""


def test_workers_have_one_thread_and_the_environment_returns():
    before = dict(os.environ)
    with worker_pool(1) as pool:
        assert pool.submit(os.getenv, 'OMP_NUM_THREADS').result() == '1'
    assert dict(os.environ) == before


def test_at_least_one_worker():
    with (
        pytest.raises(ValueError, match='at least 1, got 0'),
        worker_pool(0),
    ):
        pass


def test_workers_end_with_a_parent_that_is_killed():
    parent = subprocess.Popen(
        [sys.executable, '-c', PARENT], stdout=subprocess.PIPE, text=True
    )
    worker = int(parent.stdout.readline())
    parent.kill()
    try:
        # The worker has the pipe too: it closes when both are gone.
        parent.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.kill(worker, signal.SIGKILL)
        raise
    assert parent.returncode == -signal.SIGKILL
