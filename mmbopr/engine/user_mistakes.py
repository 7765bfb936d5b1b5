"""Which errors are the user's, and which are bugs."""

import re
from difflib import get_close_matches
from typing import Dict, Optional

from mmengine.registry import Registry

from mmbopr import registry
from mmbopr.body_models.body_data import BodyMismatchError
from mmbopr.datasets import AnnotationError
from mmbopr.datasets.transforms.loading import UnreadableImageError
from mmbopr.evaluation.protocols import ProtocolError
from mmbopr.utils.error_text import error_text

from .checkpoints import CheckpointError, TornCheckpointError
from .config_check import ConfigError, ConfigKeyError
from .recipe import RecipeError

# What MMEngine says of a type= that nobody registered.
_UNREGISTERED = re.compile(r"'?(?P<name>\S+) is not in the \w+::(?P<of>.+?) "
                           r'registry\. .*', re.DOTALL)  # fmt: skip


_MISTAKES = (
    AnnotationError,
    BodyMismatchError,
    CheckpointError,
    ConfigError,
    ConfigKeyError,
    ProtocolError,
    RecipeError,
    TornCheckpointError,
    UnreadableImageError,
    # Files and folders that were named, and are not as they should be.
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


def describe_mistake(error: Exception) -> Optional[str]:
    """What the user is to be told; None if the program is at fault."""
    if isinstance(error, _MISTAKES):
        return error_text(error)
    match = _UNREGISTERED.fullmatch(str(error))
    if isinstance(error, KeyError) and match:
        return _describe_unregistered(match['name'], match['of'])
    return None


def _describe_unregistered(name: str, kind: str) -> str:
    """Name the nearest types; ``kind`` is the name of a registry."""
    known = {}
    for node in vars(registry).values():
        if isinstance(node, Registry) and node.name == kind:
            known = _types_of(node)
    bare = name.rpartition('.')[2]
    nearest = [known[x] for x in get_close_matches(bare, known, 3)]
    remedy = (
        f'Did you mean {" or ".join(map(repr, nearest))}?'
        if nearest
        else '`mmbopr list parts` names those of mmbopr. Is the module that '
        'registers it in custom_imports?'
    )
    return f'there is no {kind} of type {name!r}. {remedy}'


def _types_of(node: Registry) -> Dict[str, str]:
    """Bare names -> how a config writes them; ours need no scope."""
    root = node
    while root.parent is not None:
        root = root.parent
    known = {}
    for other in (*root.children.values(), root, node):
        other.import_from_location()
        scope = '' if other in (root, node) else f'{other.scope}.'
        known |= {name: f'{scope}{name}' for name in other.module_dict}
    return known
