"""Curves and times of trainings, from their logs.

    python tools/analysis_tools/analyze_logs.py plot_curve \\
        work_dirs/a work_dirs/b --keys loss mesh/PA-MPJPE --out curves.png
    python tools/analysis_tools/analyze_logs.py cal_train_time work_dirs/a

A log is the folder of a training, of which all runs are read, resumed ones
included, or the ``vis_data/scalars.json`` of one run.
"""

import argparse
from typing import Dict

import numpy as np

from mmbopr.visualization.figures import save_figure
from mmbopr.visualization.training_figure import (
    UnknownKeyError,
    training_figure,
)
from mmbopr.visualization.training_log import (
    TrainingLog,
    read_training_log,
    seconds_by_epoch,
)


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest='task', required=True)
    curve = commands.add_parser('plot_curve', help='draw curves')
    curve.add_argument(
        '--keys', nargs='+', default=['loss'], help='what to draw'
    )
    curve.add_argument('--title', default='', help='of the picture')
    curve.add_argument(
        '--legend', nargs='+', default=[], help='names of the curves'
    )
    curve.add_argument('--out', default='curves.png', help='the picture')
    curve.set_defaults(run=plot_curve)
    train_time = commands.add_parser(
        'cal_train_time', help='seconds of an iteration'
    )
    train_time.add_argument(
        '--include-outliers',
        action='store_true',
        help='count the first value of every epoch, too',
    )
    train_time.set_defaults(run=cal_train_time)
    for command in (curve, train_time):
        # Before the options, whose lists would take them.
        command.add_argument(
            'json_logs', nargs='+', help='work folder or scalars.json'
        )
    return parser.parse_args(argv)


def plot_curve(logs: Dict[str, TrainingLog], args: argparse.Namespace) -> None:
    """Draw curves."""
    figure = training_figure(logs, args.keys, args.legend, args.title)
    save_figure(figure, args.out)
    print(f'Wrote {args.out}')


def cal_train_time(
    logs: Dict[str, TrainingLog], args: argparse.Namespace
) -> None:
    """Print seconds of iterations."""
    for name, log in logs.items():
        by_epoch = seconds_by_epoch(log, args.include_outliers)
        means = {epoch: x.mean() for epoch, x in by_epoch.items()}
        slowest = max(means, key=means.get)
        fastest = min(means, key=means.get)
        count = sum(map(len, by_epoch.values()))
        mean = sum(x.sum() for x in by_epoch.values()) / count
        print(f'{name}: seconds an iteration')
        print(f'  slowest epoch {slowest}: {means[slowest]:.4f} on average')
        print(f'  fastest epoch {fastest}: {means[fastest]:.4f} on average')
        spread = np.std(list(means.values()))
        print(f'  deviation between epochs: {spread:.4f}')
        print(f'  average of {len(means)} epochs: {mean:.4f}')


def main(argv=None) -> None:
    """Read the logs and do as told."""
    args = parse_args(argv)
    args.run({x: read_training_log(x) for x in args.json_logs}, args)


if __name__ == '__main__':
    try:
        main()
    except (UnknownKeyError, ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
