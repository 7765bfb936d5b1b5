"""Show a config with everything that it inherits.

    python tools/analysis_tools/print_config.py CONFIG \\
        --cfg-options model.head.type=PAREHead

Misspelt keys are refused, as in a training.
"""

import argparse

from mmengine.config import Config, DictAction

from mmbopr.cli.options import key_value
from mmbopr.engine.config_check import check_config
from mmbopr.engine.launch import plain_errors


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--cfg-options',
        '--options',
        nargs='+',
        type=key_value,
        action=DictAction,
        default={},
        metavar='KEY=VALUE',
        help='override settings, e.g. model.neck.type=...',
    )
    return parser.parse_args(argv)


def main(argv=None) -> None:
    """Print the config."""
    args = parse_args(argv)
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    check_config(cfg)
    print(cfg.pretty_text, end='')


if __name__ == '__main__':
    with plain_errors():
        main()
