"""Show a config with everything that it inherits.

    python tools/analysis_tools/print_config.py CONFIG \\
        --cfg-options model.head.type=PAREHead

Misspelt keys are refused, as in a training.
"""

import argparse

from mmbopr.engine.config_check import open_config
from mmbopr.engine.launch import plain_errors
from mmbopr.utils.cfg_options import add_cfg_options


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config file')
    add_cfg_options(parser, '--options')
    return parser.parse_args(argv)


def main(argv=None) -> None:
    """Print the config."""
    args = parse_args(argv)
    cfg = open_config(args.config, args.cfg_options)
    print(cfg.pretty_text, end='')


if __name__ == '__main__':
    with plain_errors():
        main()
