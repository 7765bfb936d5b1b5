import threading
import time

import pytest

from mmbopr.video.prefetch import prefetch


def test_items_come_in_order():
    assert list(prefetch(iter(range(20)), 3)) == list(range(20))
    assert list(prefetch([], 3)) == []


def test_no_more_are_made_than_may_wait():
    made = []

    def items():
        for i in range(100):
            made.append(i)
            yield i

    iterator = prefetch(items(), 4)
    for _ in range(10):
        next(iterator)
    time.sleep(0.05)
    assert len(made) == 14
    iterator.close()
    assert len(made) == 14


def test_items_are_made_while_others_are_used():
    """Two steps of equal length take the time of one."""

    def items():
        for i in range(10):
            time.sleep(0.02)
            yield i

    start = time.perf_counter()
    for _ in prefetch(items(), 2):
        time.sleep(0.02)
    assert time.perf_counter() - start < 0.32


def test_an_error_comes_in_its_place():
    def items():
        yield 1
        raise OSError('damaged')

    iterator = prefetch(items(), 5)
    assert next(iterator) == 1
    with pytest.raises(OSError, match='damaged'):
        next(iterator)


def test_stopping_early_ends_the_thread():
    before = threading.active_count()
    iterator = prefetch(iter(range(100)), 2)
    next(iterator)
    assert threading.active_count() == before + 1
    iterator.close()
    assert threading.active_count() == before
