"""Count a model's parameters and operations, part by part.

    python tools/analysis_tools/get_flops.py CONFIG --shape 224 224

One multiply-add is one operation, as everywhere in OpenMMLab; work done
element by element is not counted.  Parts that only training uses have
parameters but no operations.  The body layer is told apart: it is that of the
open body, so no file is needed.
"""

import argparse

from mmbopr.engine.complexity import Complexity, measure_complexity
from mmbopr.engine.config_check import open_config
from mmbopr.engine.config_model import build_model, find_input_size
from mmbopr.engine.launch import plain_errors
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--shape',
        '--input-shape',
        nargs=2,
        type=int,
        metavar=('H', 'W'),
        help="of the crop (default: the config's own)",
    )
    parser.add_argument(
        '--depth', type=int, default=1, help='of modules in the table (1)'
    )
    add_cfg_options(parser)
    return parser.parse_args(argv)


def print_complexity(found: Complexity, depth: int) -> None:
    """A row for each part, and their sum."""
    names = found.rows(depth)
    width = max(map(len, ['all but the body', *names])) + 2
    print(f'{"":{width}s}{"parameters, M":>14s}{"operations, G":>15s}')
    rows = [*names, '']
    for name in rows:
        params, flops = found.params.get(name, 0), found.flops[name]
        print(
            f'{name or "all but the body":{width}s}{params / 1e6:14.3f}'
            f'{flops / 1e9:15.4f}'
        )
    print(f'{"body layer":{width}s}{"":14s}{found.flops["body"] / 1e9:15.4f}')
    print(f'not counted: {", ".join(found.uncounted)}')


def main(argv=None) -> None:
    """Count and print."""
    args = parse_args(argv)
    cfg = open_config(args.config, args.cfg_options)
    size = (
        tuple(args.shape[::-1]) if args.shape else find_input_size(cfg, 'test')
    )
    found = measure_complexity(build_model(cfg, with_bodies=False), size)
    print(f'{args.config}, a crop of {size[0]} x {size[1]} pixels (w x h)')
    print_complexity(found, args.depth)


if __name__ == '__main__':
    with plain_errors():
        main()
