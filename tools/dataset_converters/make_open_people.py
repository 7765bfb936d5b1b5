"""Make synthetic images of people, fully annotated, that anyone may use.

Example:
    python tools/dataset_converters/make_open_people.py \
        --out data/open_people --num-train 4000 --num-test 500
"""

import argparse
import os
from pathlib import Path

from mmbopr.synthesis.generator import make_open_people
from mmbopr.synthesis.pose_prior import PRESETS
from mmbopr.synthesis.settings import Settings


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--out', type=Path, required=True, help='new folder')
    parser.add_argument(
        '--num-train', type=int, default=4000, help='people, not images'
    )
    parser.add_argument(
        '--num-test', type=int, default=500, help='people, not images'
    )
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument(
        '--preset', choices=sorted(PRESETS), default='everyday'
    )
    parser.add_argument(
        '--workers',
        type=int,
        default=os.cpu_count(),
        help='processes (default: one a core); the bytes do not depend on it',
    )
    return parser.parse_args()


def main() -> None:
    """Make the data set, or say that it is there."""
    args = parse_args()
    settings = Settings(
        seed=args.seed,
        preset=args.preset,
        num_train=args.num_train,
        num_test=args.num_test,
    )
    if make_open_people(args.out, settings, args.workers):
        print(f'\nwrote {args.out}')
    else:
        print(f'{args.out} holds this data set already')


if __name__ == '__main__':
    main()
