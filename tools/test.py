"""Evaluate a checkpoint: ``python tools/test.py CONFIG CHECKPOINT``."""

import argparse
from pathlib import Path

from mmengine.dist import is_main_process
from mmengine.fileio import dump
from mmengine.runner import Runner

from mmbopr.engine.launch import (
    add_run_arguments,
    leave_together,
    load_config,
    plain_errors,
)
from mmbopr.evaluation.provenance import describe_files, find_mesh_metric


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
    return parser.parse_args()


def main() -> None:
    """Evaluate."""
    args = parse_args()
    if not Path(args.checkpoint).is_file():
        raise SystemExit(f'there is no checkpoint {args.checkpoint}')
    cfg = load_config(args)
    cfg.load_from = args.checkpoint
    if args.dump:
        try:
            metric = find_mesh_metric(cfg)
        except ValueError as error:
            raise SystemExit(f'--dump: {error}') from None
        metric.dump_path = args.dump
        metric.facts = {
            **describe_files(cfg, args.checkpoint),
            **metric.get('facts', {}),
        }
    metrics = Runner.from_cfg(cfg).test()
    if args.out and is_main_process():
        dump(metrics, args.out)


if __name__ == '__main__':
    with plain_errors(), leave_together():
        main()
