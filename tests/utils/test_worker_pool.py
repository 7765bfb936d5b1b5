import os

import pytest

from mmbopr.utils.worker_pool import worker_pool


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
