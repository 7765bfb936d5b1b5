"""BoPR human mesh recovery for MMEngine and MMPose."""

from .compat import install_import_repairs
from .version import __version__

install_import_repairs()

__all__ = ['__version__']
