"""``python -m mmbopr``: see :mod:`mmbopr.cli`."""

import sys

from .cli import main

if __name__ == '__main__':
    sys.exit(main())
