"""Batch-norm statistics of all processes in trainings by iterations."""

from typing import Optional

from mmengine.hooks import CheckpointHook, SyncBuffersHook
from mmengine.runner import Runner

from mmbopr.registry import HOOKS


@HOOKS.register_module()
class IterSyncBuffersHook(SyncBuffersHook):
    """Average the buffers whenever the model is saved or evaluated.

    MMEngine's hook averages at the end of an epoch and before an evaluation.
    A training by iterations is one endless epoch: its checkpoints would hold
    what the first process alone has seen, and so would averaged weights.

    It runs before the hooks that copy the weights, ``EMAHook`` and
    ``CheckpointHook``.
    """

    priority = 'ABOVE_NORMAL'

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[dict] = None,
    ) -> None:
        """Average, if the model is used after this iteration.

        Args:
            runner: The runner of the training.
            batch_idx: Number of the batch.
            data_batch: What went in.
            outputs: What came out.
        """
        if self._is_used(runner):
            self.after_train_epoch(runner)

    def _is_used(self, runner: Runner) -> bool:
        return (
            self.is_last_train_iter(runner)
            or self.every_n_train_iters(runner, runner.val_interval)
            or any(
                self.every_n_train_iters(
                    runner, hook.interval, hook.save_begin
                )
                for hook in runner.hooks
                if isinstance(hook, CheckpointHook) and not hook.by_epoch
            )
        )
