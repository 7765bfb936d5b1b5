"""Evaluate a checkpoint: ``python tools/test.py CONFIG CHECKPOINT``."""

import argparse
from pathlib import Path

from mmengine.fileio import dump
from mmengine.runner import Runner

from mmbopr.engine.launch import add_run_arguments, load_config


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
        cfg.test_evaluator.dump_path = args.dump
    metrics = Runner.from_cfg(cfg).test()
    if args.out:
        dump(metrics, args.out)


if __name__ == '__main__':
    main()
