"""Measure how many samples a second a config's data loader gives.

    python tools/analysis_tools/benchmark_dataloader.py CONFIG \\
        --num-workers 0 2 4

Each number of workers has a row.  Then follows the CPU time of every step of
the pipelines, in a single process, for each data set of a mixture.

benchmark_pipeline.py compares ways to decode, without data.
"""

import argparse
import os

import mmengine.runner
from mmengine.config import ConfigDict
from mmengine.runner import Runner

from mmbopr.datasets.leaves import leaf_datasets
from mmbopr.engine.config_check import open_config
from mmbopr.engine.dataloader_benchmark import (
    samples_per_second,
    time_transforms,
)
from mmbopr.engine.launch import ConfigError, plain_errors
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--dataset-type', choices=['train', 'val', 'test'], default='train'
    )
    parser.add_argument(
        '--num-workers',
        type=int,
        nargs='+',
        help="processes that prepare samples (default: the config's)",
    )
    parser.add_argument('--batch-size', type=int, help="(the config's)")
    parser.add_argument(
        '--max-iter', type=int, default=50, help='batches that are measured'
    )
    parser.add_argument(
        '--num-warmup', type=int, default=5, help='batches before these'
    )
    parser.add_argument(
        '--num-samples',
        type=int,
        default=100,
        help='of each data set, for the times of the steps; 0: none',
    )
    add_cfg_options(
        parser, help='override settings, e.g. train_dataloader.batch_size=32'
    )
    return parser.parse_args(argv)


def with_workers(loader: ConfigDict, num_workers: int) -> ConfigDict:
    """The same loader; torch refuses settings of workers if there are none."""
    loader = loader.copy()
    loader.num_workers = num_workers
    if num_workers == 0:
        loader.persistent_workers = False
        loader.pop('prefetch_factor', None)
    return loader


def main(argv=None) -> None:
    """Measure and print."""
    args = parse_args(argv)
    cfg = open_config(args.config, args.cfg_options)
    key = f'{args.dataset_type}_dataloader'
    if not cfg.get(key):
        raise ConfigError(f'{args.config}: there is no {key}')
    loader = cfg[key]
    if args.batch_size:
        loader.batch_size = args.batch_size
    mmengine.runner.set_random_seed(0)
    print(f'{key}, batches of {loader.batch_size}, {os.cpu_count()} cores')
    for num_workers in args.num_workers or [loader.get('num_workers', 0)]:
        built = Runner.build_dataloader(with_workers(loader, num_workers))
        speed = samples_per_second(built, args.max_iter, args.num_warmup)
        print(f'{num_workers} workers: {speed:.1f} samples/s', flush=True)
    if args.num_samples == 0:
        return
    for dataset in leaf_datasets(built.dataset):
        steps = time_transforms(dataset, args.num_samples)
        name = dataset.metainfo['dataset_name']
        print(f'{name}: {sum(steps.values()):.2f} CPU ms a sample')
        for step, milliseconds in steps.items():
            print(f'    {step:26s}{milliseconds:8.2f}')


if __name__ == '__main__':
    with plain_errors():
        main()
