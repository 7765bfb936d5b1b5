"""A config built as a run builds it, and tried on one batch."""

import traceback
from pathlib import Path
from typing import Callable, Iterator, List, Mapping, Tuple, Union
from uuid import uuid4

import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmbopr.engine.config_check import components

from .finding import Finding
from .made_up_files import with_made_up_files

# A step: the key that it builds or tries, and how; returns what to tell.
Step = Tuple[str, Callable[[], str]]


def rehearse(cfg: Config, folder: Path) -> List[Finding]:
    """Build everything in a config and try a batch, without any of its files.

    What takes part is what a run builds: model, hooks, visualizer and log
    processor; data loaders with their pipelines and samplers, loops,
    optimizer and schedulers; evaluators.  Then a training step and a test of
    two samples follow, see :func:`~.made_up_files.with_made_up_files`.

    Args:
        cfg: The config, checked for misspelt keys.
        folder: For people and logs; people that are there are used.

    Returns:
        list[Finding]: One a step.  The first that fails is the last: what it
        says names the key at fault.
    """
    findings = []
    rehearsal = _Rehearsal(with_made_up_files(cfg, folder))
    for key, step in rehearsal.steps():
        try:
            findings.append(Finding(key, True, step()))
        # A config may name anybody's class, which may raise anything.
        except Exception as error:
            where = rehearsal.key_at_fault(error) or key
            findings.append(
                Finding(key, False, remedy=f'{where}: {_in_one_line(error)}')
            )
            break
    return findings


class _Rehearsal:
    """The steps of a run.

    Args:
        cfg: Of :func:`~.made_up_files.with_made_up_files`.
    """

    def __init__(self, cfg: Config):
        cfg.log_level = 'ERROR'
        # The process keeps loggers and visualizers by their names.
        cfg.experiment_name = uuid4().hex
        if cfg.get('visualizer'):
            cfg.visualizer.name = cfg.experiment_name
        self.cfg = cfg
        self.content = cfg.to_dict()  # the Runner changes the other
        self.runner: Runner = None

    def steps(self) -> Iterator[Step]:
        """In the order of a run; what the config lacks is left out."""
        yield 'model, hooks, visualizer', self.build_runner
        if self.cfg.get('train_cfg'):
            yield 'train_dataloader, train_cfg', self.build_training
            yield 'optim_wrapper, param_scheduler', self.build_optimizer
            yield 'training step', self.train
        if self.cfg.get('val_cfg') is not None:
            yield 'val_dataloader, val_evaluator', self.build_validation
        if self.cfg.get('test_cfg') is not None:
            yield 'test_dataloader, test_evaluator', self.build_test
            yield 'test', self.test

    def build_runner(self) -> str:
        self.runner = Runner.from_cfg(self.cfg)
        count = sum(x.numel() for x in self.runner.model.parameters())
        return f'{count / 1e6:.1f} million parameters'

    def build_training(self) -> str:
        size = len(self.runner.train_loop.dataloader.sampler)
        return f'{size:,} samples an epoch'

    def build_optimizer(self) -> str:
        runner = self.runner
        runner.optim_wrapper = runner.build_optim_wrapper(runner.optim_wrapper)
        if runner.param_schedulers is not None:
            runner.param_schedulers = runner.build_param_scheduler(
                runner.param_schedulers
            )
        return type(runner.optim_wrapper.optimizer).__name__

    def train(self) -> str:
        # The loop's own is meant to be entered where a training stopped.
        loader = Runner.build_dataloader(self.cfg.train_dataloader, seed=0)
        batch = next(iter(loader))
        self.runner.model.train()
        logs = self.runner.model.train_step(batch, self.runner.optim_wrapper)
        _check_finite(logs)
        return f'loss {logs["loss"].item():.1f} with random weights'

    def build_validation(self) -> str:
        return f'{len(self.runner.val_loop.evaluator.metrics)} metrics'

    def build_test(self) -> str:
        return f'{len(self.runner.test_loop.evaluator.metrics)} metrics'

    def test(self) -> str:
        metrics = self.runner.test()
        _check_finite(metrics)
        return f'{len(metrics)} figures'

    def key_at_fault(self, error: Exception) -> str:
        """Dotted key of the innermost component that an error came through.

        Returns:
            str: '' if it came through none.
        """
        found = ''
        for frame, _ in traceback.walk_tb(error.__traceback__):
            local, name = frame.f_locals, frame.f_code.co_name
            if name.startswith('build_') and name.endswith('from_cfg'):
                found = self._path_of(local['cfg']) or found
            elif self.runner and 'self' in local:
                found = self._name_of(local['self']) or found
        return found

    def _path_of(self, built: dict) -> str:
        """Builders add and remove keys; so the most similar one is taken."""
        alike = {
            path: sum(built.get(key) == value for key, value in c.items())
            for path, c in components(self.content, '')
            if c['type'] == built.get('type')
        }
        return max(alike, key=alike.get, default='')

    def _name_of(self, module: object) -> str:
        modules = self.runner.model.named_modules(prefix='model')
        return next((name for name, x in modules if x is module), '')


def _check_finite(values: Mapping[str, Union[float, torch.Tensor]]) -> None:
    wrong = [k for k, v in values.items() if not torch.as_tensor(v).isfinite()]
    if wrong:
        raise FloatingPointError(f'{wrong} are not finite')


def _in_one_line(error: Exception) -> str:
    # A KeyError quotes its text.
    text = str(error.args[0] if error.args else error)
    return f'{type(error).__name__}: {" ".join(text.split())}'
