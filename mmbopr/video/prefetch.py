"""Making the next items while the last one is used."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Iterable, Iterator, TypeVar

T = TypeVar('T')

_END = object()


def prefetch(items: Iterable[T], size: int) -> Iterator[T]:
    """Take items ahead of time, in a thread.

    Args:
        items: What to take; errors arise where the item would have come.
        size: How many items wait at most, at least 1.

    Yields:
        The items, in order. Whoever stops early stops the thread.
    """
    iterator = iter(items)
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, iterator, _END) for _ in range(size))
        try:
            while (item := waiting.popleft().result()) is not _END:
                waiting.append(pool.submit(next, iterator, _END))
                yield item
        finally:
            for future in waiting:
                future.cancel()
