"""Estimators that run an exported network."""

from pathlib import Path
from typing import Any, Dict, Optional, Union

from mmengine.config import Config
from torch import nn

from mmbopr.engine.config_check import open_config
from mmbopr.registry import MODELS

from .backends import BACKENDS
from .deployed_head import DeployedHead
from .metadata import DeploymentError


def load_deployed(
    path: Union[str, Path],
    backend: str,
    config: Optional[Union[str, Path, Config]] = None,
    cfg_options: Optional[Dict[str, Any]] = None,
    **kwargs,
) -> nn.Module:
    """Build an estimator around an exported network.

    It takes the place of what :func:`mmbopr.apis.init_model` returns: its
    ``test_step`` and ``predict`` are the same code, on the CPU, with the same
    results up to the backend's precision.  Crops go in as the test pipeline
    packs them; the file normalises them itself.

    Args:
        path: The ``.onnx`` file.
        backend: A key of :data:`~mmbopr.deployment.backends.BACKENDS`.
        config: The config that it was exported from, or its file; by default
            what the file holds of it.
        cfg_options: Dotted keys to override in the config.
        kwargs: Settings of the backend.

    Returns:
        nn.Module: A :class:`~mmbopr.models.estimators.BodyMeshEstimator` in
        evaluation mode; its config is attribute ``cfg``.

    Raises:
        DeploymentError: If there is no such backend, the file is no export
            of ours, or was made for other crops or bodies.
        FileNotFoundError: If it is not there.
        ImportError: If the backend is not installed.
    """
    if backend not in BACKENDS:
        raise DeploymentError(
            f'unknown backend {backend!r}: choose from {sorted(BACKENDS)}'
        )
    runtime = BACKENDS[backend](path, **kwargs)
    if config is None:
        config = Config(runtime.metadata.cfg)
    cfg = open_config(config, cfg_options)
    parts = dict(
        data_preprocessor=None,
        backbone=dict(type=nn.Identity),
        neck=None,
        head=dict(type=DeployedHead, backend=runtime),
    )
    model = MODELS.build(cfg.model.to_dict() | parts)
    runtime.metadata.check(cfg, model.body_model.body_model_id, runtime.path)
    model.cfg = cfg
    model.eval()
    return model
