"""Time a model in torch, onnxruntime and OpenVINO, and compare the meshes.

::

    python tools/analysis_tools/benchmark_deployment.py \\
        configs/open/bopr_hrnet-w32_1xb64-20e_open-people-224x224.py

From crops to meshes, body layer included.  Runtimes take turns; medians over
the rounds are shown.  Errors are distances of vertices from those of torch in
single precision.  Without a checkpoint weights are random, and so near to
zero at the end that errors mean little.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Dict

import torch

from mmbopr.apis import init_model
from mmbopr.deployment import export_model
from mmbopr.deployment.benchmark import (
    Measurement,
    annotated_crops,
    compare_runtimes,
    noise_crops,
    runtimes,
)
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config')
    parser.add_argument('checkpoint', nargs='?')
    parser.add_argument('--onnx', help='exported before; by default now')
    parser.add_argument(
        '--test-data',
        action='store_true',
        help="crops of the config's test set, instead of noise",
    )
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--rounds', type=int, default=9)
    parser.add_argument('--out', help='write the measurements there (json)')
    add_cfg_options(parser)
    return parser.parse_args(argv)


def measure(args: argparse.Namespace, folder: str) -> Dict[str, Measurement]:
    """Export where needed, and compare."""
    model = init_model(
        args.config, args.checkpoint, cfg_options=args.cfg_options
    )
    path = Path(args.onnx or Path(folder) / 'model.onnx')
    if not args.onnx:
        export_model(model, path)
    runs = runtimes(model, path)
    if args.test_data:
        batch = annotated_crops(model, args.batch_size)
    else:
        batch = noise_crops(model, args.batch_size)
    return compare_runtimes(runs, batch, args.rounds)


def print_measurements(found: Dict[str, Measurement], batch_size: int) -> None:
    """A row each, with ratios to the first."""
    first = next(iter(found.values()))
    print(
        f'{"":28s}{"images/s":>10s}{"times":>8s}{"in CPU time":>14s}'
        f'{"error mm":>11s}{"largest":>10s}'
    )
    for name, x in found.items():
        print(
            f'{name:28s}{batch_size / x.wall:10.2f}{first.wall / x.wall:8.2f}'
            f'{first.cpu / x.cpu:14.2f}{x.mean_error:11.4f}'
            f'{x.max_error:10.4f}'
        )


def main(argv=None) -> None:
    """Measure and print."""
    args = parse_args(argv)
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(args, folder)
    settings = dict(
        threads=args.threads,
        batch_size=args.batch_size,
        rounds=args.rounds,
        torch=torch.__version__,
    )
    print(', '.join(f'{key} {value}' for key, value in settings.items()))
    print_measurements(found, args.batch_size)
    if args.out:
        result = {name: x._asdict() for name, x in found.items()}
        with replace_when_complete(args.out) as temporary:
            text = json.dumps(dict(settings=settings, runtimes=result))
            temporary.write_text(text + '\n')


if __name__ == '__main__':
    main()
