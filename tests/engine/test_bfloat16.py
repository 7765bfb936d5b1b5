import copy

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from torch import nn

from mmbopr.engine import BFloat16OptimWrapper


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Linear(8, 4)


def wrap(model, **options):
    return build_optim_wrapper(
        model,
        dict(
            type='mmbopr.BFloat16OptimWrapper',
            optimizer=dict(type='SGD', lr=0.1),
            **options,
        ),
    )


def loss_of(wrapper, model):
    inputs = torch.linspace(-1, 1, 16).view(2, 8)
    with wrapper.optim_context(model):
        outputs = model(inputs)
    return outputs, (outputs.float() - 1).square().mean()


def test_forward_is_bfloat16_and_weights_stay_float32(model):
    wrapper = wrap(model)
    assert type(wrapper) is BFloat16OptimWrapper
    outputs, loss = loss_of(wrapper, model)
    assert outputs.dtype == torch.bfloat16
    wrapper.backward(loss)
    assert model.weight.dtype == model.weight.grad.dtype == torch.float32
    assert model(torch.zeros(1, 8)).dtype == torch.float32  # outside


def test_a_step_is_that_of_float32_up_to_rounding(model):
    twin = copy.deepcopy(model)
    before = model.weight.detach().clone()
    wrapper = wrap(model)
    _, loss = loss_of(wrapper, model)
    wrapper.update_params(loss)
    inputs = torch.linspace(-1, 1, 16).view(2, 8)
    (twin(inputs) - 1).square().mean().backward()
    step = -0.1 * twin.weight.grad
    # bfloat16 has 8 bits of precision.
    torch.testing.assert_close(
        model.weight - before,
        step,
        rtol=0,
        atol=0.02 * step.abs().max().item(),
    )
    assert step.abs().max() > 0.01


def test_training_converges(model):
    wrapper = wrap(model)
    losses = []
    for _ in range(100):
        _, loss = loss_of(wrapper, model)
        wrapper.update_params(loss)
        losses.append(loss.item())
    assert losses[-1] < 1e-3 < losses[0]


def test_accumulation_steps_every_second_time(model):
    wrapper = wrap(model, accumulative_counts=2)
    wrapper.initialize_count_status(model, 0, 4)
    before = model.weight.detach().clone()
    changed = []
    for _ in range(2):
        _, loss = loss_of(wrapper, model)
        wrapper.update_params(loss)
        changed.append(not torch.equal(model.weight, before))
    assert changed == [False, True]
