"""A config of the zoo, shrunk until it trains in a second."""

from pathlib import Path
from typing import Any, Dict, List, Union

import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.registry import MODELS

from .people import make_people

TINY_BASE = 'open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
_SIDE = 64  # px of a crop
_DATALOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')


def make_tiny_data(folder: Union[str, Path]) -> Path:
    """Draw 8 people to train on and 5 to test on.

    Returns:
        Path: The folder, with ``train/people.npz`` and ``test/people.npz``.
    """
    folder = Path(folder)
    for seed, (split, count) in enumerate((('train', 8), ('test', 5))):
        make_people(folder / split, count, image_size=(96, 72), seed=seed)
    return folder


def tiny_options(data: Union[str, Path]) -> Dict[str, Any]:
    """Options that turn the config :data:`TINY_BASE` into a tiny one.

    Nothing is random but the order of the people, and that is seeded: two
    epochs of two iterations.

    Args:
        data: Folder that :func:`make_tiny_data` made.

    Returns:
        dict: Dotted keys, for ``Config.merge_from_dict``.
    """
    options = {
        'model.backbone.stem_channels': 8,
        'model.backbone.base_channels': 8,
        'model.neck.in_channels': 16,
        'model.neck.fusion.in_channels': [8, 16, 32, 64],
        'model.neck.fusion.out_channels': 16,
        'model.target_builder.map_size': _SIDE // 4,
        'train_cfg.max_epochs': 2,
        'train_dataloader.batch_size': 4,
        'train_dataloader.dataset.pipeline.1.prob': 0.0,
        'train_dataloader.dataset.pipeline.2.rotation_prob': 0.0,
        'train_dataloader.dataset.pipeline.2.scale_std': 0.0,
        'train_dataloader.dataset.pipeline.3.input_size': [_SIDE, _SIDE],
        'train_dataloader.dataset.pipeline.4.prob': 0.0,
        'val_dataloader.dataset.pipeline.1.input_size': [_SIDE, _SIDE],
        'test_dataloader.dataset.pipeline.1.input_size': [_SIDE, _SIDE],
    }
    for name in _DATALOADERS:
        split = 'train' if name.startswith('train') else 'test'
        options |= {
            f'{name}.num_workers': 0,
            f'{name}.persistent_workers': False,
            f'{name}.dataset.data_root': str(Path(data) / split),
            f'{name}.dataset.ann_file': 'people.npz',
        }
    return options


def make_tiny_model(folder: Union[str, Path], base: Union[str, Path]) -> Path:
    """Write the tiny config with random weights and its data.

    Args:
        folder: Where.
        base: File of the config :data:`TINY_BASE`.

    Returns:
        Path: The folder, with ``config.py``, ``net.pth`` and what
        :func:`make_tiny_data` makes.
    """
    folder = Path(folder)
    cfg = Config.fromfile(base)
    cfg.merge_from_dict(tiny_options(make_tiny_data(folder)))
    cfg.dump(folder / 'config.py')
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    state = MODELS.build(cfg.model).state_dict()
    torch.save(dict(state_dict=state), folder / 'net.pth')
    return folder


def tiny_stage_options(
    data: Union[str, Path], num_sources: int
) -> Dict[str, Any]:
    """The same for a stage of ``configs/open/recipe``, but for its length.

    Args:
        data: Folder that :func:`make_tiny_data` made; all sources use it.
        num_sources: How many sources the stage mixes.

    Returns:
        dict: Dotted keys, for ``Config.merge_from_dict``.
    """
    options = tiny_options(data)
    del options['train_cfg.max_epochs']
    single = 'train_dataloader.dataset.'
    for key in [key for key in options if key.startswith(single)]:
        value = options.pop(key)
        for i in range(num_sources):
            options[f'{single}datasets.{i}.{key.removeprefix(single)}'] = value
    return options


def as_arguments(options: Dict[str, Any]) -> List[str]:
    """Options in the form that ``--cfg-options`` takes."""
    return [
        f'{key}={value}'.replace(' ', '') for key, value in options.items()
    ]
