"""Convert HumanData, the annotation files of MMHuman3D.

ROOT is the folder that the file's image paths start from.

Example:
    python tools/dataset_converters/human_data.py data/coco \
        --file data/preprocessed/eft_coco_all.npz --out data/coco/eft.npz
"""

import argparse

from mmbopr.datasets.converters import HumanDataConverter
from mmbopr.datasets.converters.command import run_command


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the file to read."""
    parser.add_argument('--file', required=True, help='HumanData file, .npz')


if __name__ == '__main__':
    run_command(HumanDataConverter, __doc__, add_options)
