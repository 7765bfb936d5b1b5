"""Whether an exported file computes what the model does."""

from pathlib import Path
from typing import Callable, Dict, Union

import numpy as np
import torch
from torch import nn

from .backends import OnnxRuntimeBackend
from .backends.base_backend import Arrays
from .export import build_network
from .metadata import METADATA_KEY, DeploymentError, ExportMetadata
from .tracing import example_inputs

TOLERANCE = 1e-4
_BATCH_SIZES = (1, 3)


def verify_export(
    model: nn.Module, path: Union[str, Path]
) -> Dict[str, float]:
    """Compare a file, run by onnxruntime or by torch, with its model.

    Args:
        model: What was exported.
        path: What :func:`~mmbopr.deployment.export_model` just wrote; of a
            ``.pt2``, torch unpickles parts, so let it be your own.

    Returns:
        dict[str, float]: Largest difference of each output, over batches of
        one and of three, divided by its largest value where that exceeds 1.

    Raises:
        DeploymentError: If one exceeds 1e-4.
        ImportError: If onnxruntime is not installed.
    """
    path = Path(path)
    if path.suffix == '.pt2':
        run, metadata = _load_torch(path)
    else:
        backend = OnnxRuntimeBackend(path)
        run, metadata = backend.run, backend.metadata
    network = build_network(model, 'vertices' in metadata.outputs)
    errors = dict.fromkeys(metadata.outputs, 0.0)
    for size in _BATCH_SIZES:
        example = example_inputs(metadata.input_size, size, seed=size)
        example = {name: example[name] for name in metadata.inputs}
        with torch.no_grad():
            expected = network(**example)
        found = run({name: x.numpy() for name, x in example.items()})
        for name, x in expected.items():
            errors[name] = max(errors[name], _gap(found[name], x.numpy()))
    if not max(errors.values()) <= TOLERANCE:
        raise DeploymentError(
            f'{path} differs from the model: {errors}, expected at most '
            f'{TOLERANCE}. Do not use it; please report the config'
        )
    return errors


def _gap(found: np.ndarray, expected: np.ndarray) -> float:
    scale = max(1.0, np.abs(expected).max())
    return float(np.abs(found - expected).max() / scale)


def _load_torch(
    path: Path,
) -> tuple[Callable[[Arrays], Arrays], ExportMetadata]:
    """A function that runs a ``.pt2``, and the file's metadata."""
    facts = {METADATA_KEY: ''}
    module = torch.export.load(path, extra_files=facts).module()

    def run(arrays: Arrays) -> Arrays:
        tensors = {name: torch.from_numpy(x) for name, x in arrays.items()}
        with torch.no_grad():
            return {name: x.numpy() for name, x in module(**tensors).items()}

    return run, ExportMetadata.from_json(facts[METADATA_KEY], path)
