"""Packages that are only there if somebody installed them."""

import importlib
from types import ModuleType


def need(package: str, purpose: str) -> ModuleType:
    """Import an optional package.

    Args:
        package: Its name.
        purpose: What it is for.

    Raises:
        ImportError: If it is not installed; says how to get it.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ImportError(
            f'{purpose} needs {package}, which is not installed: run '
            f'"pip install {package}", or "make install" for all that is '
            'optional'
        ) from error
