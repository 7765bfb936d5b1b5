"""The option ``--cfg-options`` of commands that take a config."""

import argparse

from mmengine.config import DictAction


def add_cfg_options(
    parser: argparse.ArgumentParser,
    *aliases: str,
    help: str = 'override settings, e.g. model.neck.type=...',
) -> None:
    """Add ``--cfg-options KEY=VALUE ...``, which gives a dict.

    Args:
        parser: Of the command.
        aliases: Other names of the option.
        help: What it says of itself.
    """
    parser.add_argument(
        '--cfg-options',
        *aliases,
        nargs='+',
        type=key_value,
        action=DictAction,
        default={},
        metavar='KEY=VALUE',
        help=help,
    )


def key_value(text: str) -> str:
    """Let a setting pass, as ``type=`` of an option that takes some.

    Raises:
        argparse.ArgumentTypeError: If it is not ``KEY=VALUE``.
    """
    key, equals, _ = text.partition('=')
    if not (key and equals):
        raise argparse.ArgumentTypeError(f'expected KEY=VALUE, found {text!r}')
    return text
