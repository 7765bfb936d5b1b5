"""Count a model's parameters and operations, part by part.

    python tools/analysis_tools/get_flops.py CONFIG --shape 224 224

One multiply-add is one operation, as everywhere in OpenMMLab; work done
element by element is not counted.  Parts that only training uses have
parameters but no operations.  The body layer is told apart: it is that of the
open body, so no file is needed.
"""

import argparse

from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope

from mmbopr.cli.options import key_value
from mmbopr.deployment.metadata import find_input_size
from mmbopr.doctor.dry_run import build_model
from mmbopr.engine.complexity import Complexity, measure_complexity
from mmbopr.engine.config_check import check_config
from mmbopr.engine.launch import plain_errors


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
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        type=key_value,
        action=DictAction,
        default={},
        metavar='KEY=VALUE',
        help='override settings, e.g. model.neck.type=...',
    )
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
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    check_config(cfg)
    init_default_scope(cfg.get('default_scope', 'mmbopr'))
    size = tuple(args.shape[::-1]) if args.shape else find_input_size(cfg)
    found = measure_complexity(build_model(cfg, with_bodies=False), size)
    print(f'{args.config}, a crop of {size[0]} x {size[1]} pixels (w x h)')
    print_complexity(found, args.depth)


if __name__ == '__main__':
    with plain_errors():
        main()
