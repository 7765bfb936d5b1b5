"""Speed of runtimes side by side, and what their rounding costs."""

import sys
import time
from copy import deepcopy
from pathlib import Path
from statistics import median
from typing import Callable, Dict, List, Mapping, NamedTuple

import torch
from mmengine.registry import DATASETS
from mmengine.utils import ProgressBar
from torch import Tensor, nn

from mmbopr.engine.config_model import find_input_size
from mmbopr.engine.dry_batch import make_batch

from .loading import load_deployed

# Crops and samples of a batch -> predicted vertices (N, V, 3) in metres.
Run = Callable[[dict], Tensor]


class Measurement(NamedTuple):
    """What one runtime did.

    Attributes:
        wall: Median time of a batch in seconds.
        cpu: The same of the CPU, over all threads, which neighbours on the
            machine disturb less.
        mean_error: Of the vertices, from those of the first runtime, mm.
        max_error: Likewise.
    """

    wall: float
    cpu: float
    mean_error: float
    max_error: float


def noise_crops(model: nn.Module, batch_size: int) -> dict:
    """Crops of noise, as a data loader collates them."""
    size = find_input_size(model.cfg, 'test')
    return make_batch(model.body_model, batch_size, size)


def annotated_crops(model: nn.Module, batch_size: int) -> dict:
    """The first crops of the config's test set, as a data loader collates."""
    dataset = DATASETS.build(model.cfg.test_dataloader.dataset)
    rows = [dataset[i] for i in range(batch_size)]
    return {key: [row[key] for row in rows] for key in rows[0]}


def runtimes(model: nn.Module, path: Path) -> Dict[str, Run]:
    """Every way to run a model on this CPU, plain torch first.

    OpenVINO's bf16 is among them where the CPU computes in it.

    Args:
        model: What :func:`mmbopr.apis.init_model` returned.
        path: The ``.onnx`` file that was exported from it.
    """
    single = load_deployed(path, 'openvino', precision='fp32')
    fastest = load_deployed(path, 'openvino')
    deployed = {
        'onnxruntime': load_deployed(path, 'onnxruntime'),
        'openvino fp32': single,
        f'openvino {fastest.head.backend.precision}': fastest,
    }
    return {
        'torch fp32': _run(model),
        'torch bf16, channels last': _run_bfloat16(model),
        **{name: _run(estimator) for name, estimator in deployed.items()},
    }


def _run(model: nn.Module) -> Run:
    def run(batch: dict) -> Tensor:
        with torch.inference_mode():
            samples = model.test_step(batch)
        return torch.cat([x.pred_instances.vertices for x in samples])

    return run


def _run_bfloat16(model: nn.Module) -> Run:
    run = _run(deepcopy(model).to(memory_format=torch.channels_last))

    def run_rounded(batch: dict) -> Tensor:
        with torch.autocast('cpu', torch.bfloat16):
            return run(batch)

    return run_rounded


def compare_runtimes(
    runs: Mapping[str, Run], batch: dict, rounds: int
) -> Dict[str, Measurement]:
    """Let them take turns, so that whatever slows the machine hits all.

    A first round, for warming up, is not counted.

    Args:
        runs: By name.
        batch: What each is given.
        rounds: How often each is measured.

    Returns:
        dict[str, Measurement]: By name.
    """
    times: Dict[str, List[tuple]] = {name: [] for name in runs}
    vertices = {}
    progress = ProgressBar((1 + rounds) * len(runs), file=sys.stderr)
    for _ in range(1 + rounds):
        for name, run in runs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            vertices[name] = run(batch)
            times[name].append(
                (time.perf_counter() - wall, time.process_time() - cpu)
            )
            progress.update()
    progress.file.write('\n')
    expected = vertices[next(iter(runs))]
    found = {}
    for name in runs:
        error = 1e3 * (vertices[name] - expected).norm(dim=-1)
        wall, cpu = map(median, zip(*times[name][1:], strict=True))
        found[name] = Measurement(
            wall, cpu, error.mean().item(), error.max().item()
        )
    return found
