"""What memory and disk a training takes, roughly."""

from pathlib import Path
from typing import Dict, List

import torch
from mmengine.config import Config
from torch import nn

from mmbopr.engine.config_model import guess_input_size
from mmbopr.engine.dry_batch import make_batch

from .data_files import PHASES, annotation_path, data_sets
from .dry_run import BATCH
from .finding import megabytes

# Numbers that an optimizer keeps beside each parameter.
_STATES = {'Adam': 2, 'AdamW': 2, 'SGD': 1, 'RMSprop': 1}
_PREFETCHED = 2  # batches of each data worker


def measure_activations(model: nn.Module, batch: dict) -> int:
    """Bytes that a training step keeps for the backward pass.

    What autograd saves is counted, each storage once, without the model's
    own weights.

    Args:
        model: The model.
        batch: As ``pseudo_collate`` gives it.
    """
    own = {
        x.untyped_storage().data_ptr()
        for x in [*model.parameters(), *model.buffers()]
    }
    saved: Dict[int, int] = {}

    def count(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    model.train()
    data = model.data_preprocessor(batch, True)
    with torch.autograd.graph.saved_tensors_hooks(count, lambda x: x):
        total, _ = model.parse_losses(model(**data, mode='loss'))
    del total
    return sum(saved.values())


def estimate(cfg: Config, model: nn.Module) -> List[str]:
    """Lines about memory and disk.

    Args:
        cfg: The config.
        model: With random weights.
    """
    weights = sum(4 * x.numel() for x in model.parameters())
    wrapper = cfg.get('optim_wrapper') or {}
    kind = wrapper.get('optimizer', {}).get('type', '')
    states = _STATES.get(kind, 0) * weights
    loader = cfg.get('train_dataloader') or {}
    batch_size = loader.get('batch_size', BATCH)
    width, height = guess_input_size(cfg, 'train', 'test')
    batch = make_batch(model.body_model, BATCH, (width, height))
    one = measure_activations(model, batch)
    activations = one / BATCH * batch_size
    workers = loader.get('num_workers', 0)
    queue = 3 * width * height * batch_size * _PREFETCHED * workers
    files = {
        annotation_path(dataset)
        for phase in PHASES
        for dataset in data_sets(cfg, phase)
    }
    mapped = sum(path.stat().st_size for path in filter(Path.is_file, files))
    hook = cfg.get('default_hooks', {}).get('checkpoint', {})
    kept = hook.get('max_keep_ckpts', -1)
    kept += bool(hook.get('save_best')) if kept > 0 else 0
    step = 2 * weights + states + activations
    return [
        f'a training step of {batch_size} samples in single precision: '
        f'{megabytes(step)} (weights {megabytes(weights)}, gradients as '
        f'much, {kind or "optimizer"} {megabytes(states)}, activations '
        f'{megabytes(activations)}: those of {BATCH} samples measured, '
        'scaled)',
        f'annotations: {megabytes(mapped)}, mapped, once for all processes',
        f'{workers} data workers: {megabytes(queue)} of samples that wait, '
        'besides what Python and torch take in each',
        f'checkpoints: {megabytes(weights + states)} each, '
        + (f'{kept} are kept' if kept > 0 else 'all are kept'),
    ]
