"""Train a model: ``python tools/train.py CONFIG``."""

import argparse

from mmengine.runner import Runner

from mmbopr.engine.checkpoints import check_start, load_weights
from mmbopr.engine.launch import (
    add_run_arguments,
    enable_amp,
    leave_together,
    load_config,
    plain_errors,
    resume,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_arguments(parser)
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='go on from CHECKPOINT, or from the latest one in the work '
        'directory (if there is none, start, from load_from if it is set)',
    )
    parser.add_argument(
        '--amp', action='store_true', help='train in mixed precision'
    )
    parser.add_argument(
        '--no-validate', action='store_true', help='do not evaluate meanwhile'
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate with the total batch size',
    )
    return parser.parse_args()


def main() -> None:
    """Train."""
    args = parse_args()
    cfg = load_config(args)
    if args.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if args.amp:
        enable_amp(cfg)
    if args.auto_scale_lr:
        cfg.auto_scale_lr.enable = True
    if args.resume:
        resume(cfg, args.resume)
    runner = Runner.from_cfg(cfg)
    if cfg.get('load_from'):
        # The Runner itself only warns of weights that it does not find.
        check = load_weights if cfg.resume else check_start
        check(runner.model, cfg.load_from, args.config)
    runner.train()


if __name__ == '__main__':
    with plain_errors(), leave_together():
        main()
