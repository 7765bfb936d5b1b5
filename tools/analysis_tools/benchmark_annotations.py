"""Measure how a large annotation file opens, and what workers share of it.

Writes a file of random rows, as many as Human3.6M's training split has,
opens it, and lets processes read all of its rows and hold on to it together::

    python tools/analysis_tools/benchmark_annotations.py

Memory is that of ``/proc/PID/smaps_rollup`` (Linux): pages of the file are
counted in every process that looks at them (RSS), though there is one copy;
PSS divides them by the number of processes, and private memory is what a
process has for itself.
"""

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Dict

import numpy as np

from mmbopr.datasets import BodyMeshDataset
from mmbopr.testing.people import random_annotations

KINDS = ('Rss', 'Pss', 'Private_Clean', 'Private_Dirty')


def memory() -> Dict[str, float]:
    """MB of this process, by kind."""
    lines = Path('/proc/self/smaps_rollup').read_text().splitlines()
    fields = dict(line.split(':', 1) for line in lines if ':' in line)
    return {kind: int(fields[kind].split()[0]) / 1024 for kind in KINDS}


def read_rows(dataset, number, num_workers, barrier, queue) -> None:
    """What a data worker does to the annotations."""
    before = memory()
    for row in range(number, len(dataset), num_workers):
        dataset.get_data_info(row)
    barrier.wait()
    after = memory()
    queue.put({kind: after[kind] - before[kind] for kind in KINDS})
    barrier.wait()  # others are still measuring


def grow(dataset, num_workers: int) -> Dict[str, float]:
    """MB by which the memory of all workers together grows."""
    context = multiprocessing.get_context('fork')
    barrier, queue = context.Barrier(num_workers), context.Queue()
    workers = [
        context.Process(
            target=read_rows,
            args=(dataset, number, num_workers, barrier, queue),
        )
        for number in range(num_workers)
    ]
    for worker in workers:
        worker.start()
    grown = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    return {kind: sum(x[kind] for x in grown) for kind in KINDS}


def shortest_opening(path: Path) -> float:
    """Seconds to open and check the file, the shortest of three times."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        BodyMeshDataset(str(path), pipeline=[])
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main(argv=None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('--num-rows', type=int, default=292000)
    parser.add_argument('--num-workers', type=int, default=8)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'rows.npz')
        np.savez(path, **random_annotations(args.num_rows))
        size = path.stat().st_size / 1024**2
        print(
            f'{args.num_rows} rows, {size:.0f} MB: opened and checked in '
            f'{shortest_opening(path):.2f} s'
        )
        grown = grow(BodyMeshDataset(str(path), pipeline=[]), args.num_workers)
    own = grown['Private_Clean'] + grown['Private_Dirty']
    print(
        f'{args.num_workers} workers that read all rows grow by '
        f'{grown["Rss"]:.0f} MB of RSS, {grown["Pss"]:.0f} MB of PSS and '
        f'{own:.0f} MB of private memory, all together'
    )


if __name__ == '__main__':
    main()
