"""``mmbopr doctor``: what is installed, and what a config needs."""

import argparse
from pathlib import Path

_DESCRIPTION = """\
Without CONFIG, say what is installed. With one, say which files its training,
validation and test need, which of them are there and whether they are what
they should be, what memory and disk the training takes, and pass one small
batch through loss and prediction.
"""


def add_parser(commands) -> None:
    """Add this sub-command."""
    parser = commands.add_parser(
        'doctor',
        help='say what is installed, or what a config needs',
        description=_DESCRIPTION,
    )
    parser.add_argument(
        'config',
        nargs='?',
        help='config file, or a name of `mmbopr list models`',
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        default=[],
        metavar='KEY=VALUE',
        help='override settings, as for tools/train.py',
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine installation or config.

    Returns:
        int: 0 if nothing is missing or wrong.
    """
    if args.config is None:
        from mmbopr.doctor.installation import report

        return int(not report())
    config = _config_file(args.config)
    # Costs seconds, which the other branch does not need.
    from mmbopr.doctor.preflight import examine, read_config

    return int(not examine(read_config(config, args.cfg_options)))


def _config_file(name: str) -> str:
    """The file itself, or that of a model of the zoo."""
    if Path(name).is_file():
        return name
    if Path(name).suffix == '.py':
        raise FileNotFoundError(f'there is no config {name}')
    from mmbopr.apis.model_zoo import find_entry

    return find_entry(name)['Config']
