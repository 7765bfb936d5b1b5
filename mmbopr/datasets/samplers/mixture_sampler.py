"""Several data sets in given proportions."""

from typing import Iterator, List, Mapping, Optional, Sequence, Union

import numpy as np
from mmengine.dist import get_dist_info, sync_random_seed
from torch.utils.data import Dataset, Sampler

from mmbopr.registry import DATA_SAMPLERS

from .quotas import apportion

_PER_COUNTER = 4  # numbers that Philox makes of one value of its counter


@DATA_SAMPLERS.register_module()
class MixtureSampler(Sampler[int]):
    """Draw from the parts of a concatenation in exact proportions.

    An epoch holds a fixed number of samples of every source (largest
    remainder, at least one where the ratio is positive).  Each source is
    walked through in a permutation of its own, then in another one, and so
    on from epoch to epoch: at any time its rows have been used equally often
    but for one.  The sources take turns evenly, so that any stretch of what
    a process draws has the mixture to within about a sample a source.

    The order is a function of seed, epoch and process alone: it can be
    entered at any sample, and a checkpoint need not store it.

    Args:
        dataset: MMEngine's ``ConcatDataset`` or MMPose's ``CombinedDataset``
            (without its ``sample_ratio_factor``, which replaces rows at
            random behind the sampler's back); any other data set is one
            source.
        ratios: Non-negative weight of every source: in the order of the
            sources, or by the ``dataset_name`` of their metainfo.  They need
            not sum to one.
        epoch_size: Samples an epoch over all processes, rounded up to a
            multiple of their number; the size of the dataset if None.  For
            exact proportions of what is trained on, ``drop_last`` must have
            nothing to drop: make it a multiple of the total batch size.
        seed: The same in all processes; None agrees upon a random one.

    Raises:
        ValueError: If the ratios do not fit the sources, are negative, not
            finite or all zero, if a source that is asked for is empty, or if
            an epoch has fewer samples than sources.
    """

    def __init__(
        self,
        dataset: Dataset,
        ratios: Union[Sequence[float], Mapping[str, float]],
        epoch_size: Optional[int] = None,
        seed: Optional[int] = None,
    ):
        if getattr(dataset, 'resample', False):
            raise ValueError(
                'MixtureSampler cannot follow sample_ratio_factor; leave it '
                'out of the CombinedDataset, the ratios do its work'
            )
        self.rank, self.world_size = get_dist_info()
        sources = list(getattr(dataset, 'datasets', [dataset]))
        self.sizes = [len(source) for source in sources]
        if epoch_size is None:
            epoch_size = sum(self.sizes)
        self.num_samples = -(-epoch_size // self.world_size)
        self.epoch_size = self.num_samples * self.world_size
        self.quotas = apportion(
            _by_position(ratios, sources), self.sizes, self.epoch_size
        )
        self.seed = sync_random_seed() if seed is None else seed
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Go to the beginning of an epoch."""
        self.set_position(epoch, 0)

    def set_position(self, epoch: int, start: int) -> None:
        """Let the next iteration begin inside an epoch.

        Args:
            epoch: Number of the epoch.
            start: How many samples of this process to leave out.

        Raises:
            ValueError: If an epoch has less than ``start`` samples a process.
        """
        if not 0 <= start <= self.num_samples:
            raise ValueError(
                f'start must be 0 to {self.num_samples}, got {start}'
            )
        self.epoch, self.start = epoch, start

    def __len__(self) -> int:
        """Samples of this process in a whole epoch."""
        return self.num_samples

    def __iter__(self) -> Iterator[int]:
        """Row numbers of the concatenation, from the position on."""
        # Phases of its own keep a process from following the others' pattern.
        rng = np.random.default_rng([self.seed, self.epoch, self.rank])
        first_rows = np.cumsum([0, *self.sizes])
        rows, due, dealt = [], [], 0
        for source in np.flatnonzero(self.quotas):
            # Deal the samples of all sources to the processes in turn.
            turn = (self.rank - dealt) % self.world_size
            mine = self._draw(source)[turn :: self.world_size]
            dealt += self.quotas[source]
            rows.append(first_rows[source] + mine)
            due.append((np.arange(len(mine)) + rng.random()) / len(mine))
        order = np.argsort(np.concatenate(due), kind='stable')
        return iter(np.concatenate(rows)[order][self.start :].tolist())

    def _draw(self, source: int) -> np.ndarray:
        """This epoch's piece of the endless walk through a source.

        Returns:
            np.ndarray: (quota,) rows of the source.
        """
        size, quota = self.sizes[source], self.quotas[source]
        begin, end = self.epoch * quota, (self.epoch + 1) * quota
        first, last = begin // size, -(-end // size)  # permutations
        # A counter-based generator makes any of them without those before;
        # sorting random numbers makes all of them at once.
        counters = -(-size // _PER_COUNTER)
        philox = np.random.Philox(
            key=[self.seed, source], counter=first * counters
        )
        keys = philox.random_raw((last - first, counters * _PER_COUNTER))
        walk = keys[:, :size].argsort(axis=1, kind='stable').ravel()
        return walk[begin - first * size : end - first * size]


def _by_position(
    ratios: Union[Sequence[float], Mapping[str, float]],
    sources: Sequence[Dataset],
) -> List[float]:
    """Ratios in the order of the sources."""
    if not isinstance(ratios, Mapping):
        return list(ratios)
    names = [
        getattr(source, 'metainfo', {}).get('dataset_name')
        for source in sources
    ]
    if sorted(map(str, names)) != sorted(ratios):
        raise ValueError(
            f'ratios name {sorted(ratios)}, but the sources are called '
            f'{names}. Give one ratio for each name, and each source a '
            'name of its own: metainfo=dict(dataset_name=...)'
        )
    return [ratios[name] for name in names]
