"""With a clock that only the parts advance."""

from collections import namedtuple
from dataclasses import dataclass

import pytest
import torch
from torch import nn

from mmbopr.utils.part_timer import PartTimer

Pair = namedtuple('Pair', ['left', 'right', 'nothing'])


@dataclass
class Record:
    value: torch.Tensor
    name: str = 'record'


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Costly(torch.autograd.Function):
    """Identity that takes its time, forwards and backwards."""

    @staticmethod
    def forward(ctx, x, clock, there, back):
        ctx.clock, ctx.back = clock, back
        clock.now += there
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        ctx.clock.now += ctx.back
        return grad, None, None, None


class Part(nn.Module):
    """A linear layer of known cost; returns what ``pack`` makes of it."""

    def __init__(self, clock, there, back, pack=lambda x: x, inner=None):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.cost = clock, there, back
        self.pack, self.inner = pack, inner

    def forward(self, x):
        x = Costly.apply(self.linear(x), *self.cost)
        x = x if self.inner is None else self.inner(x)
        return self.pack(x)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def parts(clock):
    """Three parts in a row, which return different structures."""
    torch.manual_seed(0)
    return dict(
        first=Part(clock, 1, 10, lambda x: [x, {'double': 2 * x}]),
        second=Part(clock, 2, 20, lambda x: Pair(x, x.detach(), None)),
        third=Part(clock, 3, 30, Record),
    )


def run(parts, x):
    single, double = parts['first'](x)
    pair = parts['second'](single + double['double'])
    record = parts['third'](pair.left + pair.right)
    assert record.name == 'record' and pair.nothing is None
    # The loss reads the first part, too.
    return record.value.square().sum() + single.sum()


def gradients(parts):
    return [p.grad.clone() for m in parts.values() for p in m.parameters()]


def test_every_part_pays_for_both_ways_and_gradients_are_the_same(
    parts, clock
):
    x = torch.randn(5, 4, generator=torch.manual_seed(1))
    run(parts, x).backward()
    expected = gradients(parts)
    for part in parts.values():
        part.zero_grad()

    timer = PartTimer(clock)
    for name, part in parts.items():
        timer.watch(name, part)
    loss = Costly.apply(run(parts, x), clock, 5, 50)
    assert timer.pop() == dict(first=1, second=2, third=3)
    timer.backward('rest', loss)
    assert timer.pop() == dict(rest=50, third=30, second=20, first=10)
    for ours, theirs in zip(gradients(parts), expected, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_a_part_pays_for_what_it_calls(clock):
    inner = Part(clock, 2, 20)
    outer = Part(clock, 1, 10, inner=inner)
    timer = PartTimer(clock)
    timer.watch('outer', outer)
    timer.watch('inner', inner)
    timer.backward('rest', outer(torch.ones(1, 4)).sum())
    assert timer.pop() == dict(outer=33, rest=0)
    assert inner.linear.weight.grad is not None
    inner(torch.ones(1, 4))
    assert timer.pop() == dict(inner=2)


def test_without_gradients_nothing_is_cut(parts, clock):
    timer = PartTimer(clock)
    timer.watch('first', parts['first'])
    with torch.no_grad():
        single, _ = parts['first'](torch.ones(1, 4))
    assert not single.requires_grad
    timer.backward('rest', torch.ones(1, requires_grad=True).sum())
    assert timer.pop() == dict(first=1, rest=0)


def test_outputs_that_no_loss_reads_cost_nothing(parts, clock):
    timer = PartTimer(clock)
    timer.watch('first', parts['first'])
    timer.watch('second', parts['second'])
    single, _ = parts['first'](torch.ones(1, 4))
    parts['second'](single)
    timer.pop()
    timer.backward('rest', single.sum())
    assert timer.pop() == dict(rest=0, second=0, first=10)


def test_functions_and_blocks_are_charged(clock):
    timer = PartTimer(clock)

    def work(seconds, twice=False):
        clock.now += seconds * (1 + twice)
        return 'done'

    wrapped = timer.wrap('work', work)
    assert wrapped(3, twice=True) == 'done' and wrapped.__name__ == 'work'
    with timer.charge('block'):
        wrapped(4)
    assert timer.pop() == dict(work=6, block=4)
    with pytest.raises(TypeError):
        wrapped()
    wrapped(1)
    assert timer.pop() == dict(work=1)
