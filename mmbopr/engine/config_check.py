"""Read configs, and catch misspelt keys before a run starts."""

import inspect
from copy import deepcopy
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Optional, Set, Tuple, Union

from mmengine.config import Config
from mmengine.registry import DefaultScope, Registry, init_default_scope
from mmengine.runner import Runner
from torch import nn

from mmbopr import registry

# Of inferencers no config tells, and importing them costs time.
_REGISTRIES = [
    node
    for node in vars(registry).values()
    if isinstance(node, Registry) and node is not registry.INFERENCERS
]
# Keys that MMEngine itself adds to, or reads from, a component's dict.
_COMMON_KEYS = {'type', '_scope_', '_delete_'}
_KEYS_OF_MMENGINE = {
    registry.HOOKS: {'priority'},
    registry.OPTIM_WRAPPERS: {'constructor', 'paramwise_cfg'},
    registry.PARAM_SCHEDULERS: {'convert_to_iter_based'},
    registry.WEIGHT_INITIALIZERS: {'name', 'override'},
}


class ConfigError(ValueError):
    """A config asks for what cannot be had."""


class ConfigKeyError(KeyError):
    """A config holds a key that nothing reads."""

    def __str__(self) -> str:
        return self.args[0]


def open_config(
    config: Union[str, Path, Config],
    cfg_options: Optional[Dict[str, Any]] = None,
) -> Config:
    """Read a config, merge options, check its keys and enter its scope.

    Args:
        config: The config, which is copied, or its file.
        cfg_options: Dotted keys to override.

    Raises:
        ConfigKeyError: If the config holds a key that nothing reads.
    """
    if isinstance(config, Config):
        cfg = deepcopy(config)
    else:
        cfg = Config.fromfile(config)
    cfg.merge_from_dict(cfg_options or {})
    check_config(cfg)
    init_default_scope(_scope_of(cfg))
    return cfg


def check_config(cfg: Config) -> None:
    """Refuse keys of ours that no component takes.

    A top-level key is refused when it is nearly the name of one that the
    Runner reads (configs may hold variables of their own, so others pass).
    Inside the dict of a component of mmbopr, whatever its registry, every
    key must be an argument.

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
    with DefaultScope.overwrite_default_scope(_scope_of(cfg)):
        for path, component in components(cfg.to_dict(), ''):
            _check_component(source, path, component)


def _scope_of(cfg: Config) -> str:
    return cfg.get('default_scope') or 'mmbopr'


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
    node = _find(component['type'], component.get('_scope_'))
    if node is None:
        return
    bare = component['type'].rpartition('.')[2]
    arguments = _arguments(node.module_dict[bare])
    if arguments is None:
        return
    others = _COMMON_KEYS | _KEYS_OF_MMENGINE.get(node, set())
    for key in sorted(set(component) - arguments - others):
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


def _find(name: str, scope: Optional[str]) -> Optional[Registry]:
    """Where ``name`` is registered, if it is one of ours."""
    written, _, bare = name.rpartition('.')
    current = DefaultScope.get_current_instance()
    if (written or scope or current.scope_name) != 'mmbopr':
        return None
    for node in _REGISTRIES:
        node.import_from_location()
        if bare in node.module_dict:
            return node
    return None


def _arguments(part: Callable) -> Optional[Set[str]]:
    """Argument names of a function, or of a class and its bases.

    Bases are asked as long as ``**kwargs`` goes on to them.  None if the
    last of the chain takes anything, or a part that is not of mmbopr does:
    where its ``**kwargs`` go is its own affair.
    """
    if not isinstance(part, type):
        functions = [part]
    else:
        functions = [
            vars(base)['__init__']
            for base in part.__mro__
            # Constructors that take nothing, whatever they declare.
            if '__init__' in vars(base) and base not in (object, nn.Module)
        ]
        if not functions and part.__new__ is not object.__new__:
            functions = [part.__new__]
    names = {'self', 'cls'}
    takes_more = False
    for function in functions:
        parameters = inspect.signature(function).parameters.values()
        names |= {
            p.name
            for p in parameters
            if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        }
        takes_more = any(p.kind == p.VAR_KEYWORD for p in parameters)
        if not takes_more or not (_is_ours(part) or _is_ours(function)):
            break
    return None if takes_more else names - {'self', 'cls'}


def _is_ours(part: Callable) -> bool:
    return getattr(part, '__module__', '').startswith('mmbopr.')
