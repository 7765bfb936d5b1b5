"""What ``mmengine.hub`` and MMPose's scripts call to fill the registries."""

import importlib

from mmengine.registry import init_default_scope

_PACKAGES = ('datasets', 'engine', 'evaluation', 'models', 'visualization')


def register_all_modules(init_default_scope: bool = True) -> None:
    """Import every package that registers parts.

    Args:
        init_default_scope: Whether configs' bare names then mean ours.
    """
    for package in _PACKAGES:
        importlib.import_module(f'mmbopr.{package}')
    if init_default_scope:
        _init_default_scope('mmbopr')


_init_default_scope = init_default_scope
