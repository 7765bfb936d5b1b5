"""Catch misspelt keys before a run starts."""

import inspect
from difflib import get_close_matches
from typing import Iterator, Optional, Set, Tuple

from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.runner import Runner

from mmbopr import registry

_REGISTRIES = [
    getattr(registry, name)
    for name in ('MODELS', 'TASK_UTILS', 'DATASETS', 'TRANSFORMS', 'METRICS')
]
# Keys that MMEngine itself adds to, or reads from, a component's dict.
_COMMON_KEYS = {'type', '_scope_', '_delete_'}


class ConfigKeyError(KeyError):
    """A config holds a key that nothing reads."""

    def __str__(self) -> str:
        return self.args[0]


def check_config(cfg: Config) -> None:
    """Refuse keys of ours that no component takes.

    A top-level key is refused when it is nearly the name of one that the
    Runner reads (configs may hold variables of their own, so others pass).
    Inside the dict of a component of mmbopr every key must be an argument.

    Raises:
        ConfigKeyError: Naming the file, the key and the nearest valid one.
    """
    source = cfg.filename or 'the config'
    runner_keys = set(inspect.signature(Runner).parameters)
    for key in set(cfg.keys()) - runner_keys:
        match = get_close_matches(key, runner_keys, 1, cutoff=0.85)
        if match:
            raise ConfigKeyError(
                f'{source}: unknown key {key!r}. Did you mean {match[0]!r}?'
            )
    default_scope = cfg.get('default_scope', 'mmengine')
    with DefaultScope.overwrite_default_scope(default_scope):
        for path, component in components(cfg.to_dict(), ''):
            _check_component(source, path, component)


def components(node, path: str) -> Iterator[Tuple[str, dict]]:
    """Every dict with a ``type``, with its dotted path."""
    if isinstance(node, dict):
        if isinstance(node.get('type'), str):
            yield path, node
        for key, value in node.items():
            yield from components(value, f'{path}.{key}' if path else key)
    elif isinstance(node, (list, tuple)):
        for i, value in enumerate(node):
            yield from components(value, f'{path}.{i}')


def _check_component(source: str, path: str, component: dict) -> None:
    cls = _find(component['type'])
    arguments = _arguments(cls) if cls else None
    if arguments is None:
        return
    unknown = set(component) - arguments - _COMMON_KEYS
    for key in sorted(unknown):
        match = get_close_matches(key, arguments, 1)
        remedy = (
            f'Did you mean {match[0]!r}?'
            if match
            else f'It takes {sorted(arguments)}.'
        )
        raise ConfigKeyError(
            f'{source}: {path}.{key} is not an argument of '
            f'{component["type"]}. {remedy}'
        )


def _find(name: str) -> Optional[type]:
    """The class of mmbopr that ``name`` stands for, if it is one of ours."""
    scope, _, bare = name.rpartition('.')
    current = DefaultScope.get_current_instance()
    if (scope or current.scope_name) != 'mmbopr':
        return None
    for node in _REGISTRIES:
        node.import_from_location()
        if bare in node.module_dict:
            return node.module_dict[bare]
    return None


def _arguments(cls: type) -> Optional[Set[str]]:
    """Argument names of a class, following ``**kwargs`` to its bases.

    None if the last of the chain takes anything.
    """
    names = set()
    for base in cls.__mro__:
        if '__init__' not in vars(base) or base is object:
            continue
        parameters = inspect.signature(base.__init__).parameters.values()
        names |= {
            p.name
            for p in parameters
            if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        }
        if all(p.kind != p.VAR_KEYWORD for p in parameters):
            return names - {'self'}
    return None
