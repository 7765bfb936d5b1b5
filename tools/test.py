"""Evaluate a checkpoint: ``python tools/test.py CONFIG CHECKPOINT``."""

import argparse
from pathlib import Path

from mmengine.config import Config, ConfigDict
from mmengine.dist import is_main_process
from mmengine.fileio import dump
from mmengine.runner import Runner

from mmbopr.engine.checkpoints import load_weights
from mmbopr.engine.launch import (
    ConfigError,
    add_run_arguments,
    leave_together,
    load_config,
    plain_errors,
)
from mmbopr.evaluation import (
    EvaluationDump,
    build_protocol,
    compare_dumps,
    read_dump,
)
from mmbopr.evaluation.comparison import check_planned
from mmbopr.evaluation.listings import list_comparison
from mmbopr.evaluation.provenance import describe_files, find_mesh_metric
from mmbopr.utils.atomic import check_writable


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_arguments(parser)
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--out', help='write the metrics there (json)')
    parser.add_argument(
        '--dump',
        metavar='F.npz',
        help='write per-sample errors, predictions and the protocol there',
    )
    parser.add_argument(
        '--compare',
        metavar='F.npz',
        help='dump of another evaluation: print the differences of the same '
        'samples with intervals; another protocol is refused at once',
    )
    return parser.parse_args()


def check_outputs(args: argparse.Namespace) -> None:
    """Refuse now what could not be written after the evaluation.

    Raises:
        ConfigError: If the metrics are not to be json.
        OSError: If a file cannot be written.
    """
    if args.out and Path(args.out).suffix != '.json':
        raise ConfigError(f'--out {args.out}: metrics are written as .json')
    for path in filter(None, (args.out, args.dump)):
        check_writable(path)


def set_up_dump(cfg: Config, args: argparse.Namespace) -> ConfigDict:
    """Tell the metric where to write its dump, and what to say in it."""
    try:
        metric = find_mesh_metric(cfg)
    except ValueError as error:
        option = '--dump' if args.dump else '--compare'
        raise SystemExit(f'{option}: {error}') from None
    metric.dump_path = args.dump or str(Path(cfg.work_dir, 'compared.npz'))
    metric.facts = {
        **describe_files(cfg, args.checkpoint),
        **metric.get('facts', {}),
    }
    return metric


def read_other(path: str, metric: ConfigDict) -> EvaluationDump:
    """The dump to compare with, if this evaluation will be comparable.

    Raises:
        SystemExit: If it is missing or damaged, or of another protocol.
    """
    try:
        other = read_dump(path)
        protocol = build_protocol(metric.get('protocol'))
        check_planned(other, {**protocol.facts(), **metric.facts})
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'--compare {path}: {error}') from None
    return other


def print_comparison(
    other: EvaluationDump, path: str, metric: ConfigDict
) -> None:
    """Differences of this evaluation from the other."""
    comparison = compare_dumps(other, read_dump(metric.dump_path))
    names = Path(path).stem, Path(metric.dump_path).stem
    print(list_comparison(names, comparison))


def main() -> None:
    """Evaluate."""
    args = parse_args()
    if not Path(args.checkpoint).is_file():
        raise SystemExit(f'there is no checkpoint {args.checkpoint}')
    check_outputs(args)
    cfg = load_config(args)
    cfg.load_from = args.checkpoint
    metric = set_up_dump(cfg, args) if args.dump or args.compare else None
    other = read_other(args.compare, metric) if args.compare else None
    runner = Runner.from_cfg(cfg)
    # The Runner itself only warns of weights that it does not find.
    load_weights(runner.model, args.checkpoint, args.config)
    metrics = runner.test()
    if args.out and is_main_process():
        dump(metrics, args.out)
    if other is not None and is_main_process():
        print_comparison(other, args.compare, metric)


if __name__ == '__main__':
    with plain_errors(), leave_together():
        main()
