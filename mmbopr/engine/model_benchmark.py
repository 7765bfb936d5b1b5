"""Time of forward passes and training steps, part by part, side by side."""

import sys
from collections import defaultdict
from statistics import median
from typing import Callable, Dict, List, Mapping, Sequence, Tuple

import torch
from mmengine.utils import ProgressBar

from mmbopr.registry import MODELS
from mmbopr.utils.part_timer import PartTimer

from .dry_batch import make_data_samples, make_labels

STEPS = ('forward', 'train_step')
PRECISIONS = {'fp32': torch.float32, 'bf16': torch.bfloat16}
_MS = 1e3
_LR = 5e-5  # the paper's

# Part -> milliseconds.
Times = Dict[str, float]
# Step -> precision -> model -> times.
Comparison = Dict[str, Dict[str, Dict[str, Times]]]


class TimedModel:
    """An estimator and a random batch to run it on.

    Its parts are the ``backbone``; the ``neck``, with its fusion; the
    ``head`` with the body that it poses; the ``optimizer``; and the ``rest``,
    in training the targets, with the bodies that they pose, and the losses.

    Args:
        model_cfg: Config of the estimator.
        batch_size: N.
        input_size: (w, h) of the crops in pixels.
        clock: Seconds, as a function without arguments.
    """

    def __init__(
        self,
        model_cfg: dict,
        batch_size: int,
        input_size: Tuple[int, int],
        clock: Callable[[], float],
    ):
        model = MODELS.build(model_cfg)
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), _LR)
        generator = torch.Generator().manual_seed(0)
        self.inputs = torch.randn(
            batch_size, 3, *input_size[::-1], generator=generator
        )
        body = model.body_model
        self.samples = make_data_samples(
            make_labels(body, batch_size), body.body_model_id
        )
        self.timer = PartTimer(clock)
        self.timer.watch('backbone', model.backbone)
        if model.with_neck:
            self.timer.watch('neck', model.neck)
        self.timer.watch('head', model.head)
        self.timer.watch('head', model.body_model.neutral)
        model.target_builder = self.timer.wrap('rest', model.target_builder)

    def forward(self, precision: str) -> Times:
        """Predict once.

        Args:
            precision: A key of :data:`PRECISIONS`; bf16 is autocast.

        Returns:
            dict[str, float]: ms of the ``whole``, of every part and of ``all
            but backbone``.
        """
        self.model.eval()
        start = self.timer.clock()
        with torch.inference_mode(), _autocast(precision):
            self.model.predict(self.inputs, self.samples)
        whole = self.timer.clock() - start
        return _times(whole, self.timer.pop())

    def train_step(self, precision: str) -> Times:
        """Train once, with Adam; see :meth:`forward`.

        ``all but backbone`` is without the optimizer, whose work are mostly
        the backbone's weights.
        """
        self.model.train()
        start = self.timer.clock()
        with _autocast(precision):
            losses = self.model.loss(self.inputs, self.samples)
            loss, _ = self.model.parse_losses(losses)
        self.timer.backward('rest', loss)
        with self.timer.charge('optimizer'):
            self.optimizer.step()
            self.optimizer.zero_grad()
        whole = self.timer.clock() - start
        return _times(whole, self.timer.pop())


def _autocast(precision: str) -> torch.autocast:
    dtype = PRECISIONS[precision]
    return torch.autocast('cpu', dtype, enabled=dtype != torch.float32)


def _times(whole: float, seconds: Times) -> Times:
    """Complete what was charged; the rest is what no other part paid for."""
    parts = [
        seconds.get(x, 0.0) for x in ('backbone', 'neck', 'head', 'optimizer')
    ]
    backbone, neck, head, optimizer = parts
    times = {
        'whole': whole,
        'backbone': backbone,
        'neck': neck,
        'head': head,
        'rest': whole - sum(parts),
        'optimizer': optimizer,
        'all but backbone': whole - backbone - optimizer,
    }
    return {name: _MS * value for name, value in times.items()}


def compare_models(
    models: Mapping[str, TimedModel],
    precisions: Sequence[str],
    rounds: int,
) -> Comparison:
    """Run models in turn, so that whatever slows the machine hits all.

    A first round, for warming up, is not counted.

    Args:
        models: Name -> model.
        precisions: Keys of :data:`PRECISIONS`.
        rounds: How often each step is measured.

    Returns:
        Comparison: Medians over the rounds.
    """
    runs: Dict[Tuple[str, str, str], List[Times]] = defaultdict(list)
    progress = ProgressBar(
        (1 + rounds) * len(STEPS) * len(precisions) * len(models),
        file=sys.stderr,
    )
    for _ in range(1 + rounds):
        for step in STEPS:
            for precision in precisions:
                for name, model in models.items():
                    times = getattr(model, step)(precision)
                    runs[step, precision, name].append(times)
                    progress.update()
    progress.file.write('\n')
    return {
        step: {
            precision: {
                name: _medians(runs[step, precision, name][1:])
                for name in models
            }
            for precision in precisions
        }
        for step in STEPS
    }


def _medians(runs: List[Times]) -> Times:
    return {part: median(run[part] for run in runs) for part in runs[0]}
