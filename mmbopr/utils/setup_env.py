"""What ``mmengine.hub`` and MMPose's scripts call to fill the registries."""

from mmengine.registry import Registry, init_default_scope

from mmbopr import registry


def register_all_modules(init_default_scope: bool = True) -> None:
    """Import every package that registers parts.

    Args:
        init_default_scope: Whether configs' bare names then mean ours.
    """
    for node in vars(registry).values():
        if isinstance(node, Registry):
            node.import_from_location()
    if init_default_scope:
        _init_default_scope('mmbopr')


_init_default_scope = init_default_scope
