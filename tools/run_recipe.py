"""Train the stages of a recipe, each from the weights of the one before.

Every stage trains in a folder of its own, ``ROOT/<name of its config>``::

    python tools/run_recipe.py STAGE_1.py STAGE_2.py [...] --gpus 8

The same command goes on after a break: finished stages are skipped, an
unfinished one is resumed.  To repeat a stage, delete its folder and those of
the stages after it.  A stage is finished when its last checkpoint is there:
after a break during the evaluation that follows, ``tools/test.py`` makes up
for it.

When the recipe is stopped or killed, so is the training that it runs; two
recipes never train in one folder.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Optional

from mmbopr.engine.launch import add_run_arguments, load_config, plain_errors
from mmbopr.engine.recipe import (
    RecipeError,
    Stage,
    check_order,
    first_weights,
)
from mmbopr.engine.stage_lock import lock_stage
from mmbopr.utils.bound_process import run_bound
from mmbopr.utils.cfg_options import key_value

TRAIN = Path(__file__).with_name('train.py')


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('configs', nargs='+', help='the stages in order')
    parser.add_argument(
        '--work-dir',
        type=Path,
        default=Path('work_dirs'),
        metavar='ROOT',
        help='the stages get folders in it (default: work_dirs)',
    )
    parser.add_argument(
        '--gpus',
        '--nproc',
        type=int,
        default=1,
        help='processes, one a GPU; without GPUs they share the CPU',
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        type=key_value,
        default=[],
        metavar='KEY=VALUE',
        help='override settings of all stages',
    )
    return parser.parse_args()


def read_stage(config: str, args: argparse.Namespace) -> Stage:
    """Load and check a config as ``tools/train.py`` will do."""
    parser = argparse.ArgumentParser()
    add_run_arguments(parser)
    arguments = [config, '--work-dir', str(args.work_dir / Path(config).stem)]
    if args.cfg_options:
        arguments += ['--cfg-options', *args.cfg_options]
    return Stage.from_config(load_config(parser.parse_args(arguments)))


def train(
    stage: Stage, weights: Optional[str], args: argparse.Namespace
) -> int:
    """Run ``tools/train.py``, resuming; return its exit code."""
    launcher, launched = [], []
    if args.gpus > 1:
        launcher = ['-m', 'torch.distributed.run', '--standalone']
        launcher += [f'--nproc_per_node={args.gpus}']
        launched = ['--launcher', 'pytorch']
    options = [*args.cfg_options, f'load_from={weights}']
    command = [
        sys.executable, *launcher, str(TRAIN), stage.config,
        '--work-dir', str(stage.final.parent), '--resume', *launched,
        '--cfg-options', *options,
    ]  # fmt: skip
    paths = [str(TRAIN.parents[1]), os.environ.get('PYTHONPATH', '')]
    env = {**os.environ, 'PYTHONPATH': os.pathsep.join(paths)}
    with lock_stage(stage.final.parent) as lock:
        return run_bound(command, env, [lock])


def run_stage(
    stage: Stage, weights: Optional[str], args: argparse.Namespace, head: str
) -> None:
    """Train a stage to its end.

    Raises:
        SystemExit: With the code of the training, if it failed.
    """
    print(f'{head}: from {stage.latest or weights or "scratch"}', flush=True)
    code = train(stage, weights, args)
    if code:
        print(
            f'{head}: failed with exit code {code}. The same command goes on '
            f'from {stage.latest or "the start of this stage"}.',
            file=sys.stderr,
        )
        raise SystemExit(code if code > 0 else 128 - code)  # as shells do
    if not stage.finished:
        raise RecipeError(
            f'{head}: ended without its last checkpoint {stage.final}. Does '
            'default_hooks.checkpoint save one, counting what the loop counts?'
        )


def main() -> None:
    """Train stage by stage."""
    args = parse_args()
    stages = [read_stage(config, args) for config in args.configs]
    check_order(stages)
    weights = None
    if not stages[0].latest:
        weights = first_weights(stages[0], args.work_dir)
    for number, stage in enumerate(stages, 1):
        head = f'stage {number} of {len(stages)}, {stage.name}'
        if stage.finished:
            print(f'{head}: finished before, skipped', flush=True)
        else:
            run_stage(stage, weights, args, head)
        weights = str(stage.final)
    print(f'all {len(stages)} stages are finished: {weights}')


if __name__ == '__main__':
    with plain_errors():
        main()
