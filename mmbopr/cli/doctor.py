"""``mmbopr doctor``: what is installed, and what a config needs."""

import argparse


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'doctor',
        help='say what is installed, or what a config needs',
        description='Without CONFIG, say what is installed. With one, which '
        'files it needs, whether they are right, and whether it runs.',
    )
    parser.add_argument('config', nargs='?', help='config file')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        default=[],
        metavar='KEY=VALUE',
        help='override settings, as for tools/train.py',
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine."""
    from mmbopr.doctor.__main__ import main

    argv = [] if args.config is None else [args.config]
    if args.cfg_options:
        argv += ['--cfg-options', *args.cfg_options]
    return main(argv)
