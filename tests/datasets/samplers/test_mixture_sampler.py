import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmengine.dataset import BaseDataset, ConcatDataset
from mmpose.datasets import CombinedDataset
from torch.utils.data import DataLoader

from mmbopr.datasets import MixtureSampler
from mmbopr.datasets.samplers import mixture_sampler
from mmbopr.registry import DATA_SAMPLERS, DATASETS

SIZES = (50, 7, 300, 1)
RATIOS = (0.5, 0.3, 0.15, 0.05)


class Rows:
    """A data set of which only the size matters."""

    def __init__(self, size, name=None):
        self.size = size
        self.metainfo = dict(dataset_name=name)

    def __len__(self):
        return self.size


class Concat:
    def __init__(self, datasets):
        self.datasets = datasets


def make(
    sizes=SIZES, ratios=RATIOS, epoch_size=200, seed=0, rank=0, world_size=1
):
    """The sampler of one of several processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            mixture_sampler, 'get_dist_info', lambda: (rank, world_size)
        )
        dataset = Concat([Rows(size) for size in sizes])
        return MixtureSampler(dataset, ratios, epoch_size, seed)


def draw(sampler, epoch, start=0):
    sampler.set_position(epoch, start)
    return np.array(list(sampler), int)


def draw_all(world_size, epoch, start=0, **kwargs):
    """What all processes draw, (samples, processes)."""
    ranks = [
        make(rank=rank, world_size=world_size, **kwargs)
        for rank in range(world_size)
    ]
    return np.stack([draw(sampler, epoch, start) for sampler in ranks], 1)


def sources_of(rows, sizes=SIZES):
    return np.searchsorted(np.cumsum(sizes), rows, side='right')


def count(rows, sizes=SIZES):
    return np.bincount(sources_of(rows, sizes), minlength=len(sizes)).tolist()


mixtures = st.lists(
    st.tuples(st.integers(1, 60), st.floats(0.01, 1.0)),
    min_size=1,
    max_size=6,
).map(lambda pairs: tuple(zip(*pairs, strict=True)))


# --- how many
@pytest.mark.parametrize(
    ('world_size', 'epoch_size', 'quotas'),
    [
        (1, 200, [100, 60, 30, 10]),
        (3, 200, [101, 60, 30, 10]),  # 201: remainders .5 .3 .15 .05
        (1, 8, [4, 2, 1, 1]),  # 4, 2.4, 1.2, 0.4
        (3, 4, [2, 2, 1, 1]),  # 6: 3, 1.8, 0.9, 0.3; one at least
    ],
)
def test_an_epoch_has_exact_quotas(world_size, epoch_size, quotas):
    kwargs = dict(world_size=world_size, epoch_size=epoch_size)
    assert make(**kwargs).quotas == quotas
    for epoch in range(3):
        drawn = draw_all(epoch=epoch, **kwargs)
        assert drawn.shape == (sum(quotas) // world_size, world_size)
        assert count(drawn.ravel()) == quotas
        assert len(make(**kwargs)) == len(drawn)


@given(mixtures, st.integers(6, 300), st.integers(1, 4))
def test_quotas_are_whole_shares(mixture, epoch_size, world_size):
    sizes, ratios = mixture
    sampler = make(sizes, ratios, epoch_size, world_size=world_size)
    total = math.ceil(epoch_size / world_size) * world_size
    assert sampler.epoch_size == sum(sampler.quotas) == total
    for quota, ratio in zip(sampler.quotas, ratios, strict=True):
        exact = total * ratio / sum(ratios)
        assert quota >= 1
        if min(ratios) * total >= sum(ratios):  # nobody had to be lifted
            assert math.floor(exact + 1e-9) <= quota <= exact + 1
    drawn = draw_all(
        world_size, 0, sizes=sizes, ratios=ratios, epoch_size=epoch_size
    )
    assert count(drawn.ravel(), sizes) == sampler.quotas


def test_ratios_are_weights():
    assert make(ratios=(10, 6, 3, 1)).quotas == make().quotas


def test_an_epoch_is_as_long_as_the_data():
    assert make(epoch_size=None).epoch_size == sum(SIZES)


def test_a_source_can_be_switched_off():
    sampler = make((50, 0, 20), (1, 0, 0), 80)
    assert sampler.quotas == [80, 0, 0]
    assert set(draw(sampler, 0)) == set(range(50))


def test_a_rare_source_neither_hangs_nor_starves():
    """Batches of 16 cannot hold 5 % of one source."""
    sampler = make((1000, 10), (0.95, 0.05), 320)
    loader = DataLoader(range(1010), batch_size=16, sampler=sampler)
    rare = [(batch >= 1000).sum().item() for batch in loader]
    assert len(rare) == 20 and sum(rare) == 16
    assert set(rare) == {0, 1}


# --- which rows
@given(mixtures, st.integers(6, 200), st.integers(0, 99), st.integers(1, 5))
def test_rows_are_used_equally_often(mixture, epoch_size, seed, epochs):
    sizes, ratios = mixture
    sampler = make(sizes, ratios, epoch_size, seed)
    used = np.zeros(sum(sizes), int)
    for epoch in range(epochs):
        used += np.bincount(draw(sampler, epoch), minlength=sum(sizes))
        for part in np.split(used, np.cumsum(sizes)[:-1]):
            assert np.ptp(part) <= 1


def test_a_single_source_is_permuted():
    for dataset in (Rows(40), Concat([Rows(40)])):
        sampler = MixtureSampler(dataset, [1.0], seed=3)
        epochs = [draw(sampler, epoch).tolist() for epoch in range(4)]
        assert all(sorted(rows) == list(range(40)) for rows in epochs)
        assert len(set(map(tuple, epochs))) == 4


# --- in which order
@pytest.mark.parametrize('world_size', [1, 3])
def test_order_depends_on_seed_and_epoch_alone(world_size):
    first = draw_all(world_size, 0)
    np.testing.assert_array_equal(draw_all(world_size, 0), first)
    visited = make(world_size=world_size)
    for epoch in (5, 2, 0):
        rows = draw(visited, epoch)
    np.testing.assert_array_equal(rows, first[:, 0])
    for other in (
        draw_all(world_size, 1),
        draw_all(world_size, 0, seed=1),
    ):
        assert (other != first).mean() > 0.5
        assert (sources_of(other) != sources_of(first)).any()


@given(mixtures, st.integers(6, 300), st.integers(1, 4), st.data())
def test_every_window_of_a_process_has_the_mixture(
    mixture, epoch_size, world_size, data
):
    sizes, ratios = mixture
    sampler = make(sizes, ratios, epoch_size, 1, world_size - 1, world_size)
    begin = data.draw(st.integers(0, len(sampler)))
    end = data.draw(st.integers(begin, len(sampler)))
    drawn = draw(sampler, 2)
    share = np.array(count(drawn, sizes)) / len(drawn)
    window = drawn[begin:end]
    # In any interval of due times a source is less than one sample off.
    bound = (1 - share) + share * (len(sizes) - 1)
    difference = np.array(count(window, sizes)) - share * len(window)
    assert (np.abs(difference) <= bound + 1e-9).all()


@pytest.mark.parametrize('world_size', [2, 3, 8])
def test_alternating_sources_reach_every_process(world_size):
    """Processes that took turns in one order would fall into step with it."""
    drawn = draw_all(
        world_size, 0, sizes=(100, 100), ratios=(1, 1), epoch_size=960
    )
    batches = sources_of(drawn, (100, 100)).reshape(-1, 10, world_size)
    np.testing.assert_array_equal(batches.sum(1), 5)


@pytest.mark.parametrize('ratios', [(1, 1, 1), (5, 3, 2), (2, 1, 4, 1, 2)])
def test_batches_of_all_processes_together_are_even(ratios):
    """With one pattern in all eight, each would have the same surplus."""
    sizes = (100,) * len(ratios)
    drawn = draw_all(8, 0, sizes=sizes, ratios=ratios, epoch_size=7680)
    batches = sources_of(drawn, sizes).reshape(-1, 16 * 8)
    for source, ratio in enumerate(ratios):
        surplus = (batches == source).sum(1) - 128 * ratio / sum(ratios)
        assert np.abs(surplus).max() <= 4


# --- beginning in the middle
@pytest.mark.parametrize('world_size', [1, 3])
@pytest.mark.parametrize('start', [0, 1, 32, 66])
def test_an_epoch_can_be_entered_anywhere(world_size, start):
    whole = draw_all(world_size, 4)
    tail = draw_all(world_size, 4, start)
    np.testing.assert_array_equal(tail, whole[start:])


def test_the_end_of_an_epoch_is_empty_and_then_comes_the_next():
    sampler = make()
    assert len(draw(sampler, 0, 200)) == 0
    sampler.set_epoch(1)
    np.testing.assert_array_equal(list(sampler), draw(make(), 1))
    assert len(sampler) == 200


@pytest.mark.parametrize('start', [-1, 201])
def test_a_position_outside_is_refused(start):
    with pytest.raises(ValueError, match=f'0 to 200, got {start}'):
        make().set_position(0, start)


# --- large data
@pytest.mark.parametrize('sizes', [(75_000, 14_000, 310_000), (300_000, 1, 2)])
def test_half_a_million_samples_are_ordered_in_no_time(sizes):
    sampler = make(sizes, (0.3, 0.2, 0.5), 500_000)
    begin = time.perf_counter()
    rows = draw(sampler, 7)
    assert time.perf_counter() - begin < 2  # 0.2 on an idle core
    assert count(rows, sizes) == [150_000, 100_000, 250_000]


# --- data sets as configs have them
class Numbers(BaseDataset):
    def __init__(self, size, name):
        self.size = size
        super().__init__(metainfo=dict(dataset_name=name))

    def load_data_list(self):
        name = self._metainfo['dataset_name']
        return [dict(name=name, row=row) for row in range(self.size)]


@pytest.fixture(scope='module', autouse=True)
def registered():
    DATASETS.register_module(module=Numbers)
    yield
    DATASETS.module_dict.pop('Numbers')


def concatenate():
    parts = [Numbers(30, 'a'), Numbers(5, 'b')]
    return ConcatDataset(parts, ignore_keys='dataset_name')


def combine(**kwargs):
    parts = [
        dict(type='mmbopr.Numbers', size=size, name=name)
        for size, name in ((30, 'a'), (5, 'b'))
    ]
    keypoints = dict(nose=dict(name='nose', id=0, swap='', type='upper'))
    metainfo = dict(
        dataset_name='all',
        keypoint_info=keypoints,
        skeleton_info={},
        joint_weights=[1.0],
        sigmas=[0.1],
    )
    return CombinedDataset(metainfo, parts, **kwargs)


@pytest.mark.parametrize('ratios', [[0.5, 0.5], dict(b=0.5, a=0.5)])
@pytest.mark.parametrize('make_dataset', [concatenate, combine])
def test_rows_are_those_of_the_concatenation(make_dataset, ratios):
    concatenation = make_dataset()
    config = dict(type='mmbopr.MixtureSampler', ratios=ratios, epoch_size=60)
    defaults = dict(dataset=concatenation, seed=0)
    sampler = DATA_SAMPLERS.build(config, default_args=defaults)
    samples = [concatenation[row] for row in sampler]
    for name, size in (('a', 30), ('b', 5)):
        rows = [s['row'] for s in samples if s['name'] == name]
        assert sorted(rows) == sorted(list(range(size)) * (30 // size))


def test_resampled_rows_are_refused():
    with pytest.raises(ValueError, match='leave it out of the CombinedData'):
        MixtureSampler(combine(sample_ratio_factor=[1.0, 1.0]), [0.5, 0.5])


# --- mistakes
@pytest.mark.parametrize(
    ('ratios', 'message'),
    [
        ([0.5, 0.5], r'3 sources but 2 ratios: \[0.5, 0.5\]'),
        ([1, -1, 1], r'not negative, got \[1, -1, 1\]'),
        ([1, math.nan, 1], 'finite'),
        ([1, math.inf, 1], 'finite'),
        ([0, 0, 0], 'must be positive'),
        ([1, 1, 1], 'source 1 is empty but has the ratio 1; set it to 0'),
        (dict(a=1, b=1), r"ratios name \['a', 'b'\].*called \['a', 'b', 'c'"),
        (dict(a=1, b=1, d=1), 'metainfo=dict'),
    ],
)
def test_ratios_that_do_not_fit_are_refused(ratios, message):
    dataset = Concat([Rows(4, 'a'), Rows(0, 'b'), Rows(4, 'c')])
    with pytest.raises(ValueError, match=message):
        MixtureSampler(dataset, ratios, 100)


def test_names_must_be_unique():
    dataset = Concat([Rows(4, 'a'), Rows(4, 'a')])
    with pytest.raises(ValueError, match='a name of its own'):
        MixtureSampler(dataset, dict(a=1))


@pytest.mark.parametrize('epoch_size', [3, 0, -5])
def test_an_epoch_must_have_room_for_all_sources(epoch_size):
    with pytest.raises(ValueError, match='too short for 4 sources'):
        make(epoch_size=epoch_size)
