"""Measure images a second and latency of a model.

    python tools/analysis_tools/benchmark_inference.py CONFIG CHECKPOINT
    python tools/analysis_tools/benchmark_inference.py CONFIG model.onnx \\
        --backend openvino --batch-size 1 8

From crops in memory to meshes on the CPU: pictures are not read and people
are not detected.  Crops are noise, which changes nothing in the time.  Without
a checkpoint weights are random.
"""

import argparse
import json
from typing import List

import torch

from mmbopr.apis import init_model
from mmbopr.apis.model_zoo import load_estimator
from mmbopr.deployment.backends import BACKENDS
from mmbopr.deployment.benchmark import noise_crops
from mmbopr.engine.config_check import open_config
from mmbopr.engine.inference_benchmark import (
    Speed,
    measure_speed,
    peak_memory,
)
from mmbopr.engine.launch import plain_errors
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config file')
    parser.add_argument(
        'checkpoint',
        nargs='?',
        help='weights; for other backends than torch, the .onnx file',
    )
    parser.add_argument(
        '--backend', choices=['torch', *sorted(BACKENDS)], default='torch'
    )
    parser.add_argument('--device', default='cpu', help='of torch')
    parser.add_argument('--batch-size', type=int, nargs='+', default=[1, 8])
    parser.add_argument(
        '--threads', type=int, help='of torch, or of the backend'
    )
    parser.add_argument(
        '--max-iter', type=int, default=20, help='batches that are measured'
    )
    parser.add_argument(
        '--num-warmup', type=int, default=3, help='batches before these'
    )
    parser.add_argument('--out', help='write the measurements there (json)')
    add_cfg_options(parser)
    return parser.parse_args(argv)


def load_model(args: argparse.Namespace) -> torch.nn.Module:
    """The estimator, whatever runs its network."""
    cfg = open_config(args.config, args.cfg_options)
    if args.backend == 'torch':
        return init_model(cfg, args.checkpoint, args.device)
    if args.checkpoint is None:
        raise SystemExit(
            f'error: --backend {args.backend} needs the .onnx file in place '
            'of the checkpoint; tools/deployment/export_model.py writes it'
        )
    return load_estimator(cfg, args.checkpoint, backend=args.backend)


def measure(model: torch.nn.Module, args: argparse.Namespace) -> List[Speed]:
    """Speeds of all batch sizes."""
    speeds = []
    for batch_size in args.batch_size:
        batch = noise_crops(model, batch_size)
        with torch.inference_mode():
            speeds.append(
                measure_speed(
                    lambda batch=batch: model.test_step(batch),
                    batch_size,
                    args.max_iter,
                    args.num_warmup,
                )
            )
    return speeds


def main(argv=None) -> None:
    """Measure and print."""
    args = parse_args(argv)
    if args.threads:
        torch.set_num_threads(args.threads)
    speeds = measure(load_model(args), args)
    memory = peak_memory(args.device)
    settings = dict(
        backend=args.backend,
        device=args.device,
        threads=torch.get_num_threads(),
        max_iter=args.max_iter,
        torch=torch.__version__,
    )
    print(', '.join(f'{key} {value}' for key, value in settings.items()))
    print('batch  images/s   ms: median       90%       99%')
    for x in speeds:
        print(
            f'{x.batch_size:5d}{x.images_per_second:10.2f}{x.p50:13.1f}'
            f'{x.p90:10.1f}{x.p99:10.1f}'
        )
    print(f'peak memory {memory:.0f} MB')
    if args.out:
        result = dict(
            settings=settings,
            speeds=[x._asdict() for x in speeds],
            peak_memory=memory,
        )
        with replace_when_complete(args.out) as temporary:
            temporary.write_text(json.dumps(result, indent=2) + '\n')


if __name__ == '__main__':
    with plain_errors():
        main()
