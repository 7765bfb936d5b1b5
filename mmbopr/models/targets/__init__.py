"""Ground truth made on the device, in batch."""

from .body_target_builder import BodyTargetBuilder, place_bodies
from .part_map import part_map
from .relative_depth import part_centres, relative_depth, torso_axes

__all__ = [
    'BodyTargetBuilder',
    'part_centres',
    'part_map',
    'place_bodies',
    'relative_depth',
    'torso_axes',
]
