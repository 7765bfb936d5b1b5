"""The command line: sub-commands, and what happens to errors."""

import argparse
import sys
import warnings
from typing import Optional, Sequence

from mmbopr.version import __version__

from . import (
    body_model,
    doctor,
    export,
    inspection,
    listing,
    predict,
    view,
    web,
)
from .exit_codes import INTERRUPTED, REFUSED

_COMMANDS = (
    predict,
    view,
    web,
    inspection,
    export,
    listing,
    doctor,
    body_model,
)
_EPILOG = """\
exit codes: 0 done; 1 some files failed, or a video ended early, the rest is
done; 2 nothing was done, the message says why; 3 nobody was found; 130
interrupted
"""


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run ``mmbopr``.

    Args:
        argv: Arguments; those of the process by default.

    Returns:
        int: See :mod:`mmbopr.cli.exit_codes`.
    """
    args = _parser().parse_args(argv)
    # MMEngine's, about itself, at every start.
    warnings.filterwarnings('ignore', 'pkg_resources is deprecated')
    if args.debug:
        return args.run(args)
    try:
        return args.run(args)
    except KeyboardInterrupt:
        return _complain('interrupted', INTERRUPTED)
    except BrokenPipeError:  # the reader of the output had enough
        return INTERRUPTED
    except _user_errors() as error:
        # Costs what help and wrong usage need not wait for.
        from mmbopr.utils.error_text import error_text

        return _complain(f'error: {error_text(error)}', REFUSED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='mmbopr',
        description='Human mesh recovery: pictures and videos to meshes.',
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        '--version', action='version', version=f'mmbopr {__version__}'
    )
    parser.add_argument(
        '--debug', action='store_true', help='show where errors come from'
    )
    commands = parser.add_subparsers(metavar='COMMAND', required=True)
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def _user_errors() -> tuple:
    """What files and settings can be at fault for."""
    errors = (ImportError, OSError, ValueError)
    # Only there, and only needed, if the command imported them.
    for module, name in (
        ('mmbopr.engine.config_check', 'ConfigKeyError'),
        ('mmbopr.engine.checkpoints', 'CheckpointError'),
    ):
        if module in sys.modules:
            errors += (getattr(sys.modules[module], name),)
    return errors


def _complain(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
