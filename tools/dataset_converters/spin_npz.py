"""Convert an npz that SPIN, PARE or CLIFF trains on.

ROOT is the folder that the file's image paths start from; --dataset is what
dataset classes know their files by, h36m or 3dpw for instance.

Example:
    python tools/dataset_converters/spin_npz.py data/h36m --dataset h36m \
        --file data/dataset_extras/h36m_mosh_train.npz \
        --out data/h36m/train_mosh.npz
"""

import argparse

from mmbopr.datasets.converters import SPINNpzConverter
from mmbopr.datasets.converters.command import run_command


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the file to read and its data set."""
    parser.add_argument('--file', required=True, help='file of SPIN, .npz')
    parser.add_argument(
        '--dataset',
        help='what the column dataset is to say (default: name of the file)',
    )


if __name__ == '__main__':
    run_command(SPINNpzConverter, __doc__, add_options)
