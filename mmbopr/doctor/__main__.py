"""``python -m mmbopr.doctor`` is ``mmbopr doctor``, also uninstalled."""

import sys

from mmbopr.cli import main

if __name__ == '__main__':
    sys.exit(main(['doctor', *sys.argv[1:]]))
