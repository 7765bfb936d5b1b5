"""Time models side by side: forward pass and training step, part by part.

A config needs no more than a ``model``; crops are those of its data, else its
``input_size`` if it has one::

    python tools/analysis_tools/benchmark_models.py \\
        configs/_base_/models/pare_hrnet-w32.py \\
        configs/_base_/models/bopr_hrnet-w32.py --body open

Weights and images are random, the models take turns, and medians are shown;
"all but backbone" is without the optimizer, too.  With one thread, the CPU
time of the process is taken, which neighbours on the machine disturb less;
with several, wall time.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.engine.config_model import guess_input_size
from mmbopr.engine.model_benchmark import (
    Comparison,
    TimedModel,
    Times,
    compare_models,
)
from mmbopr.utils.atomic import replace_when_complete

WIDTH = 44  # of a table's first column


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        'configs', nargs='+', help='ratios are those to the first'
    )
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument(
        '--input-size',
        nargs=2,
        type=int,
        metavar=('W', 'H'),
        help='of all models (default: their own, else 224 224)',
    )
    parser.add_argument(
        '--body', help="body model of all, e.g. 'open' (default: their own)"
    )
    parser.add_argument(
        '--dtype',
        choices=['fp32', 'bf16'],
        default='fp32',
        help='bf16: autocast beside fp32',
    )
    parser.add_argument(
        '--channels-last',
        action='store_true',
        help='of all models (default: where model.channels_last is set)',
    )
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--out', help='write the medians there (json)')
    return parser.parse_args(argv)


def read_configs(paths: List[str]) -> Dict[str, Config]:
    """By file name; a number tells namesakes apart."""
    configs = {}
    for number, path in enumerate(paths, 1):
        name = Path(path).stem
        name = f'{name} ({number})' if name in configs else name
        configs[name] = Config.fromfile(path)
    return configs


def own_size(cfg: Config) -> Tuple[int, int]:
    """(w, h) that a config is made for."""
    return guess_input_size(cfg, 'train', 'test')


def common_size(
    configs: Dict[str, Config], wanted: Optional[List[int]]
) -> Tuple[int, int]:
    """The input size that is asked for, else that of all models."""
    if wanted:
        return tuple(wanted)
    sizes = {name: own_size(cfg) for name, cfg in configs.items()}
    if len(set(sizes.values())) > 1:
        raise SystemExit(
            f'error: the models are made for different input sizes, {sizes}; '
            'give --input-size W H'
        )
    return next(iter(sizes.values()))


def fit_model(
    cfg: Config, size: Tuple[int, int], args: argparse.Namespace
) -> dict:
    """The model with the input size, body and order that are asked for."""
    model, builder = cfg.model, cfg.model.target_builder
    if args.body:
        model.body_model.model_path = args.body
    if args.channels_last:
        model.channels_last = True
    # Part maps are as large as the attention maps, which grow with the input.
    map_size = np.broadcast_to(builder.get('map_size', 56), 2)
    builder.map_size = (map_size * size // own_size(cfg)).tolist()
    return model


def print_times(label: str, times: Times, digits: int) -> None:
    """One row of a table."""
    cells = [f'{x:{len(part) + 5}.{digits}f}' for part, x in times.items()]
    print(f'{label:{WIDTH}s}{"".join(cells)}')


def print_comparison(comparison: Comparison) -> None:
    """A table for each step and precision, with ratios to the first model."""
    for step, by_precision in comparison.items():
        for precision, by_model in by_precision.items():
            first, *others = by_model
            columns = ''.join(f'{x:>{len(x) + 5}s}' for x in by_model[first])
            print(f'\n{f"{step}, {precision}, ms":{WIDTH}s}{columns}')
            for name, times in by_model.items():
                print_times(name, times, 1)
            for name in others:
                # Parts that a model lacks took no time.
                ratios = {
                    part: x / y if y else float('nan')
                    for (part, x), y in zip(
                        by_model[name].items(),
                        by_model[first].values(),
                        strict=True,
                    )
                }
                print_times(f'  {name} : {first}', ratios, 3)


def main(argv=None) -> None:
    """Measure and print."""
    args = parse_args(argv)
    torch.set_num_threads(args.threads)
    init_default_scope('mmbopr')
    configs = read_configs(args.configs)
    size = common_size(configs, args.input_size)
    clock = time.process_time if args.threads == 1 else time.perf_counter
    models = {
        name: TimedModel(
            fit_model(cfg, size, args), args.batch_size, size, clock
        )
        for name, cfg in configs.items()
    }
    precisions = ['fp32'] + ['bf16'] * (args.dtype == 'bf16')
    comparison = compare_models(models, precisions, args.rounds)
    settings = dict(
        threads=args.threads,
        clock=clock.__name__,
        batch_size=args.batch_size,
        input_size=size,
        channels_last=[
            name
            for name, cfg in configs.items()
            if cfg.model.get('channels_last')
        ],
        rounds=args.rounds,
        torch=torch.__version__,
    )
    print(', '.join(f'{key} {value}' for key, value in settings.items()))
    print_comparison(comparison)
    print()
    for name in models if args.dtype == 'bf16' else ():
        slow, fast = (x[name]['whole'] for x in comparison['forward'].values())
        print(f'{name}: inference in bf16 is {slow / fast:.2f} times as fast')
    if args.out:
        with replace_when_complete(args.out) as temporary:
            result = dict(settings=settings, ms=comparison)
            temporary.write_text(json.dumps(result, indent=2) + '\n')


if __name__ == '__main__':
    main()
