"""The command line of the doctor.

Without CONFIG, says what is installed.  With one, says which files its
training, validation and test need, which of them are there and whether they
are what they should be, what memory and disk the training takes, and passes
one small batch through loss and prediction.
"""

import argparse
import sys
from pathlib import Path

from .installation import report


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog='python -m mmbopr.doctor',
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', nargs='?', help='config file')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        default=[],
        metavar='KEY=VALUE',
        help='override settings, as for tools/train.py',
    )
    return parser.parse_args(argv)


def main(argv=None) -> int:
    """Examine installation or config.

    Returns:
        int: 0 if nothing is missing or wrong.
    """
    args = parse_args(argv)
    if args.config is None:
        return int(not report())
    if not Path(args.config).is_file():
        print(f'there is no config {args.config}', file=sys.stderr)
        return 2
    # Costs seconds, which the other branch does not need.
    from .preflight import examine, read_config

    return int(not examine(read_config(args.config, args.cfg_options)))


if __name__ == '__main__':
    sys.exit(main())
