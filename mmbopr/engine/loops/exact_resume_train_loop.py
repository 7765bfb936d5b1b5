"""Training by iterations that goes on where it stopped."""

from itertools import chain, repeat
from typing import Dict, Iterator, Union

from mmengine.logging import print_log
from mmengine.runner import IterBasedTrainLoop, Runner
from mmengine.runner.base_loop import BaseLoop
from torch import nn
from torch.utils.data import DataLoader

from mmbopr.registry import LOOPS


@LOOPS.register_module()
class ExactResumeTrainLoop(IterBasedTrainLoop):
    """MMEngine's loop by iterations, resumed at the right sample at no cost.

    A resumed training sees the samples that it would have seen without the
    break.  MMEngine's loop gets there by loading all earlier ones again (it
    still says so).  Batch size and number of processes must be those of the
    run that stopped.

    The sampler of the dataloader must have ``set_position(epoch, start)``,
    as :class:`mmbopr.datasets.MixtureSampler` has.

    Args:
        runner: The runner.
        dataloader: The dataloader or its config.
        **kwargs: ``max_iters``, ``val_begin``, ``val_interval`` and
            ``dynamic_intervals`` of MMEngine's ``IterBasedTrainLoop``.

    Raises:
        TypeError: If the sampler has no ``set_position``.
        ValueError: If the dataloader gives no batch at all.
    """

    def __init__(
        self, runner: Runner, dataloader: Union[DataLoader, Dict], **kwargs
    ):
        BaseLoop.__init__(self, runner, dataloader)  # builds the dataloader
        sampler = self.dataloader.sampler
        if not hasattr(sampler, 'set_position'):
            raise TypeError(
                f'{type(self).__name__} needs a sampler that can be entered '
                'anywhere, with set_position(epoch, start), but '
                f'train_dataloader has {type(sampler).__name__}. Use '
                "sampler=dict(type='MixtureSampler', ratios=[...]) or "
                "train_cfg.type='IterBasedTrainLoop'"
            )
        if len(self.dataloader) == 0:
            raise ValueError(
                f'an epoch has {len(sampler)} samples a process, which do not '
                f'fill a batch of {self.dataloader.batch_size}. Lower '
                'batch_size, raise epoch_size, or set drop_last=False'
            )
        # The base class lets data workers start at once, long before a
        # checkpoint tells where: they shall find nothing to load.
        sampler.set_position(0, len(sampler))
        super().__init__(runner, self.dataloader, **kwargs)

    def run(self) -> nn.Module:
        """Train from the current iteration on.

        Returns:
            nn.Module: The trained model.
        """
        # The base class takes as many batches as are over, then trains.
        self.dataloader_iterator = chain(
            repeat(None, self._iter), self._batches(self._iter)
        )
        return super().run()

    def _batches(self, iteration: int) -> Iterator[dict]:
        """Endless batches, beginning with that of an iteration."""
        epoch, done = divmod(iteration, len(self.dataloader))
        if iteration > 0:
            print_log(
                f'Enter epoch {epoch} after {done} of {len(self.dataloader)} '
                'batches, without loading them',
                logger='current',
            )
        while True:
            start = done * self.dataloader.batch_size
            self.dataloader.sampler.set_position(epoch, start)
            yield from self.dataloader
            epoch, done = epoch + 1, 0
