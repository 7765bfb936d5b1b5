"""One small batch through loss and prediction."""

from typing import Dict, List

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from torch import nn

from mmbopr.datasets import AnnotationError
from mmbopr.engine.config_model import find_input_size
from mmbopr.engine.dry_batch import make_batch
from mmbopr.registry import DATASETS

from .finding import Finding

BATCH = 2  # the smallest that batch normalisation takes
# What a model raises about a batch that it cannot work with.
_ERRORS = (AnnotationError, KeyError, OSError, RuntimeError, TypeError,
           ValueError)  # fmt: skip


def real_batch(cfg: Config, phase: str) -> dict:
    """The first and the last sample of a phase."""
    dataset = DATASETS.build(cfg[f'{phase}_dataloader'].dataset)
    rows = np.linspace(0, len(dataset) - 1, BATCH).astype(int)
    return pseudo_collate([dataset[int(row)] for row in rows])


def made_up_batch(cfg: Config, phase: str, model: nn.Module) -> dict:
    """Noise of the size of a phase's crops."""
    size = find_input_size(cfg, phase)
    return make_batch(model.body_model, BATCH, size)


def try_loss(model: nn.Module, batch: dict) -> Finding:
    """Loss and gradients of a training batch."""
    model.train()
    try:
        data = model.data_preprocessor(batch, True)
        total, parts = model.parse_losses(model(**data, mode='loss'))
        total.backward()
    except _ERRORS as error:
        return Finding('loss', False, remedy=_tell(error))
    wrong = [k for k, v in parts.items() if not torch.isfinite(v).all()]
    wrong += [
        f'gradient of {name}'
        for name, weights in model.named_parameters()
        if weights.grad is not None and not weights.grad.isfinite().all()
    ]
    model.zero_grad()
    return Finding(
        'loss and gradients',
        not wrong,
        f'{total.item():.1f} with random weights',
        f'not finite: {wrong[:5]}' if wrong else '',
    )


def try_prediction(model: nn.Module, batch: dict) -> Finding:
    """Meshes of a test batch."""
    model.eval()
    try:
        results = model.test_step(batch)
    except _ERRORS as error:
        return Finding('prediction', False, remedy=_tell(error))
    vertices = torch.cat([x.pred_instances.vertices for x in results])
    return Finding(
        'prediction',
        bool(vertices.isfinite().all()),
        f'{len(vertices)} meshes of {vertices.shape[1]} vertices',
    )


def _tell(error: Exception) -> str:
    return f'{type(error).__name__}: {error}'


def dry_run(
    cfg: Config, model: nn.Module, there: Dict[str, bool]
) -> List[Finding]:
    """A batch of the data, or a made-up one, through the model.

    Args:
        cfg: The config.
        model: Of :func:`mmbopr.engine.config_model.build_model`.
        there: Whether all that a phase needs is there, by its name.
    """
    findings = []
    for phase, attempt in (('train', try_loss), ('test', try_prediction)):
        if not cfg.get(f'{phase}_dataloader'):
            continue
        source = 'of the data' if there[phase] else 'made up'
        try:
            batch = (
                real_batch(cfg, phase)
                if there[phase]
                else made_up_batch(cfg, phase, model)
            )
        except _ERRORS as error:
            findings.append(Finding('a batch', False, remedy=_tell(error)))
            continue
        found = attempt(model, batch)
        what = f'{found.what} of {BATCH} samples {source}'
        findings.append(found._replace(what=what))
    return findings
