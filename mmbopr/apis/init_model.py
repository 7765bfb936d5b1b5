"""A trained model from its config and checkpoint."""

from pathlib import Path
from typing import Any, Dict, Optional, Union

import torch
from mmengine.config import Config
from torch import nn

from mmbopr.engine.checkpoints import load_weights, shorten
from mmbopr.engine.config_check import open_config
from mmbopr.registry import MODELS


def init_model(
    config: Union[str, Path, Config],
    checkpoint: Optional[Union[str, Path]] = None,
    device: str = 'cpu',
    cfg_options: Optional[Dict[str, Any]] = None,
) -> nn.Module:
    """Build an estimator for inference, as mmpose's function of this name.

    Unlike it, every weight must be in the checkpoint and nothing else, and
    misspelt keys of the config are refused.

    Args:
        config: The config, or its file.
        checkpoint: Weights; None leaves them random.
        device: Where the model lives.
        cfg_options: Dotted keys to override in the config.

    Returns:
        nn.Module: In evaluation mode; its config is attribute ``cfg``.

    Raises:
        ConfigKeyError: If the config holds a key that nothing reads.
        FileNotFoundError: If there is no such checkpoint.
        CheckpointError: If the checkpoint does not fit the model.
        ValueError: If it is no checkpoint, or of another body model, or this
            machine or torch has no such device.
    """
    _check_device(device)
    cfg = open_config(config, cfg_options)
    model = MODELS.build(cfg.model)
    if checkpoint is not None:
        load_weights(model, checkpoint, cfg.filename or 'the config')
    model.cfg = cfg
    model.to(device)
    model.eval()
    return model


def _check_device(device: str) -> None:
    try:
        torch.empty(0, device=device)
    # What torch raises depends on the device and how torch was built.
    except (AssertionError, NotImplementedError, RuntimeError) as error:
        reason = shorten(str(error)).splitlines()[0]
        raise ValueError(
            f'device {device!r} cannot be used here ({reason}): take cpu, or '
            'see https://pytorch.org/get-started for a torch that knows it'
        ) from error
