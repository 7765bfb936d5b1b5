"""Write an annotation file as HumanData of MMHuman3D.

Example:
    python tools/dataset_converters/to_human_data.py data/3dpw/all.npz \
        --out data/preprocessed/3dpw_all.npz
"""

import argparse

from mmbopr.datasets.converters import export_human_data


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('ann_file', help='annotation file, .npz')
    parser.add_argument('--out', required=True, help='HumanData file, .npz')
    return parser.parse_args()


def main() -> None:
    """Convert."""
    args = parse_args()
    export_human_data(args.ann_file, args.out)
    print(f'wrote {args.out}')


if __name__ == '__main__':
    main()
