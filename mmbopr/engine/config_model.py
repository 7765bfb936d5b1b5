"""The model of a config, and the size of the crops that it takes."""

import inspect
from typing import Optional, Tuple

from mmengine.config import Config
from torch import nn

from mmbopr.registry import MODELS, TRANSFORMS

from .config_check import ConfigError, components

_DEFAULT_SIZE = (224, 224)  # the paper's


def build_model(cfg: Config, with_bodies: bool) -> nn.Module:
    """The model with random weights; with the open body if told so.

    Args:
        cfg: The config.
        with_bodies: Whether the files of its body model are there.
    """
    model = cfg.model.to_dict()
    if not with_bodies:
        for _, component in components(model, ''):
            if 'model_path' in component:
                component['model_path'] = 'open'
    return MODELS.build(model)


def find_input_size(cfg: Config, *phases: str) -> Tuple[int, int]:
    """(w, h) of the crops that a config cuts.

    Args:
        cfg: The config.
        phases: ``'train'``, ``'val'`` or ``'test'``; the data loader of the
            first that has one with crops says it.

    Raises:
        ConfigError: If no transform there has an ``input_size``.
    """
    loaders = [f'{phase}_dataloader' for phase in phases]
    for loader in loaders:
        sizes = [
            size
            for _, step in components(dict(cfg.get(loader) or {}), '')
            if (size := _input_size(step))
        ]
        # Steps before the cut prepare for it; they may differ.
        if sizes:
            return tuple(sizes[-1])
    raise ConfigError(
        f'{cfg.filename or "the config"}: expected a transform with '
        f'input_size in the pipeline of {" or ".join(loaders)}, found none: '
        'add MeshTopdownAffine(input_size=(w, h))'
    )


def guess_input_size(cfg: Config, *phases: str) -> Tuple[int, int]:
    """The same; of configs that cut no crops, their ``input_size`` or 224."""
    try:
        return find_input_size(cfg, *phases)
    except ConfigError:
        return tuple(cfg.get('input_size', _DEFAULT_SIZE))


def _input_size(step: dict) -> Optional[Tuple[int, int]]:
    """What is written, else the default of the transform, if it has one."""
    if 'input_size' in step:
        return step['input_size']
    transform = TRANSFORMS.get(step['type'])
    if transform is None:
        return None
    parameter = inspect.signature(transform).parameters.get('input_size')
    if parameter is None or parameter.default is parameter.empty:
        return None
    return parameter.default
