"""What a training run wrote down, resumes included."""

import json
from pathlib import Path
from typing import Dict, List, NamedTuple, Union

import numpy as np

_SCALARS = '*/vis_data/scalars.json'


class Curve(NamedTuple):
    """Attributes: steps (N,), increasing, and values (N,)."""

    steps: np.ndarray
    values: np.ndarray


class TrainingLog(NamedTuple):
    """Curves by name.

    Attributes:
        train: Loss terms, learning rate... over iterations.
        val: Metrics over epochs (iterations in iteration-based training).
    """

    train: Dict[str, Curve]
    val: Dict[str, Curve]


def read_training_log(work_dir: Union[str, Path]) -> TrainingLog:
    """Read MMEngine's ``scalars.json`` of all runs in a work folder.

    Runs are ordered by their time stamps. A later run replaces what earlier
    ones logged from its first step on, so that a resumed training gives one
    curve and a training started over gives the last one.

    Args:
        work_dir: Holds ``TIMESTAMP/vis_data/scalars.json``; or one such
            file, of one run.

    Returns:
        TrainingLog: Curves of every key with numbers.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a line is not JSON; names file and line.
    """
    work_dir = Path(work_dir)
    paths = (
        [work_dir] if work_dir.is_file() else sorted(work_dir.glob(_SCALARS))
    )
    if not paths:
        raise FileNotFoundError(
            f'{work_dir}: found no {_SCALARS}; pass the --work-dir that '
            'tools/train.py wrote to, or a scalars.json'
        )
    train, val = [], []
    for path in paths:
        records = _read_lines(path)
        _append_run(train, [r for r in records if 'loss' in r])
        _append_run(val, [r for r in records if 'loss' not in r])
    return TrainingLog(_curves(train), _curves(val))


def seconds_by_epoch(
    log: TrainingLog, include_outliers: bool = False
) -> Dict[int, np.ndarray]:
    """Time of an iteration, as it was logged.

    Args:
        log: Of :func:`read_training_log`.
        include_outliers: Whether the first value of an epoch, which holds the
            start of the data workers, counts; it does where it is the only
            one.

    Returns:
        dict[int, ndarray]: Epoch -> (N,) seconds.  A training by iterations
        is one epoch.

    Raises:
        ValueError: If no time was logged.
    """
    if 'time' not in log.train:
        raise ValueError(
            'no time is logged: expected IterTimerHook in default_hooks'
        )
    steps, seconds = log.train['time']
    epochs = np.ones(len(steps), int)
    if 'epoch' in log.train:
        at, values = log.train['epoch']
        epochs = values[np.searchsorted(at, steps)].astype(int)
    groups = {int(epoch): seconds[epochs == epoch] for epoch in set(epochs)}
    if include_outliers:
        return groups
    return {k: v[1:] if len(v) > 1 else v for k, v in groups.items()}


def _read_lines(path: Path) -> List[dict]:
    lines = path.read_text().splitlines()
    records = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError as error:
            # A killed run leaves its last line unfinished.
            if number < len(lines):
                raise ValueError(
                    f'{path}, line {number}: expected one JSON object, found '
                    f'{line[:60]!r} ({error}); remove the line'
                ) from error
    return records


def _append_run(records: List[dict], run: List[dict]) -> None:
    if run:
        first = run[0]['step']
        records[:] = [r for r in records if r['step'] < first] + run


def _curves(records: List[dict]) -> Dict[str, Curve]:
    points = {}
    for record in records:
        for key, value in record.items():
            if isinstance(value, (int, float)) and key != 'step':
                # The last record of a step counts.
                points.setdefault(key, {})[record['step']] = value
    return {key: _curve(values) for key, values in points.items()}


def _curve(values: Dict[int, float]) -> Curve:
    steps = sorted(values)
    return Curve(np.array(steps), np.array([values[s] for s in steps], float))
