"""What the body reference feature is worth: figure 4 of the paper.

The feature is zeroed from outside, on its way from the neck to the head, so
that no model needs a switch for it.
"""

from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, Union

import torch
from mmengine.config import ConfigDict
from mmengine.utils import ProgressBar
from torch import nn
from torch.utils.data import DataLoader

from mmbopr.registry import METRICS
from mmbopr.structures.predictions import MissingFeatureError

from .dump import EvaluationDump, read_dump
from .summary import summarize


@contextmanager
def without_body_reference(model: nn.Module) -> Iterator[None]:
    """Let the head of a model see zeros in place of F_brf.

    Args:
        model: An estimator whose neck's features have ``body_ref_feat``.

    Raises:
        MissingFeatureError: As soon as the model is run, if they have not.
    """

    def discard(neck, inputs, features):
        if not hasattr(features, 'body_ref_feat'):
            raise MissingFeatureError(
                f'{type(neck).__name__} gives {type(features).__name__}, '
                'which has no body reference feature (body_ref_feat) to '
                'discard; only models such as BoPR have one'
            )
        nothing = torch.zeros_like(features.body_ref_feat)
        return features._replace(body_ref_feat=nothing)

    hook = model.neck.register_forward_hook(discard)
    try:
        yield
    finally:
        hook.remove()


def measure_body_reference(
    model: nn.Module,
    dataloader: DataLoader,
    metric: ConfigDict,
    facts: Dict[str, Any],
    folder: Union[str, Path],
) -> Dict[str, Any]:
    """Test a model with and without its body reference feature.

    Args:
        model: As in :func:`without_body_reference`.
        dataloader: Of the test set.
        metric: Config of its ``HumanMeshMetric``.
        facts: Further facts to store beside the numbers, JSON-able.
        folder: Where the dumps ``full.npz`` and
            ``without_body_reference.npz`` are written.

    Returns:
        dict: Errors in mm, see :func:`~mmbopr.evaluation.summarize`, under
        ``full`` and ``without_body_reference``; ``difference`` is the latter
        minus the former; ``protocol`` holds for both.

    Raises:
        MissingFeatureError: As in :func:`without_body_reference`.
    """

    def test(name: str, **more: Any) -> EvaluationDump:
        path = str(Path(folder) / f'{name}.npz')
        known = {**metric.get('facts', {}), **facts, **more}
        _evaluate(model, dataloader, {**metric, 'facts': known}, path)
        return read_dump(path)

    # First what may fail.
    with without_body_reference(model):
        without = test('without_body_reference', body_reference='zeroed')
    full = test('full')
    before, after = summarize(full), summarize(without)
    return dict(
        full=before,
        without_body_reference=after,
        difference={key: after[key] - before[key] for key in before},
        protocol=full.protocol,
    )


def _evaluate(
    model: nn.Module, dataloader: DataLoader, metric: dict, dump_path: str
) -> None:
    """Write the dump of one test."""
    metric = METRICS.build({**metric, 'dump_path': dump_path})
    metric.dataset_meta = dataloader.dataset.metainfo
    progress = ProgressBar(len(dataloader.dataset))
    for batch in dataloader:
        results = model.test_step(batch)
        metric.process(batch, [result.to_dict() for result in results])
        progress.update(len(results))
    progress.file.write('\n')
    metric.evaluate(len(dataloader.dataset))
