"""Whether there is a screen."""

import os
import sys


def has_display() -> bool:
    """Whether a window can be opened."""
    names = ('DISPLAY', 'WAYLAND_DISPLAY')
    return sys.platform in ('win32', 'darwin') or any(
        os.environ.get(name) for name in names
    )
