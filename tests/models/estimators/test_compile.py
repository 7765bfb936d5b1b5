"""torch.compile on the forward pass of the whole model."""

import pytest
import torch


@pytest.fixture(autouse=True)
def fresh_compiler():
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


def images():
    return torch.randn(4, 3, 64, 64, generator=torch.manual_seed(0))


def run(model, forward, samples):
    """Losses, gradient of a weight, vertices."""
    model.zero_grad()
    losses = forward(images(), samples, mode='loss')
    sum(losses.values()).backward()
    grad = model.backbone.conv1.weight.grad.clone()
    with torch.no_grad():
        predicted = forward(images(), samples, mode='predict')
    vertices = [s.pred_instances.vertices for s in predicted]
    losses = torch.stack([x.detach() for x in losses.values()])
    return losses, grad, torch.cat(vertices)


@pytest.mark.parametrize(
    ('backend', 'tolerance'),
    [
        ('eager', 1e-6),  # tracing alone
        pytest.param('inductor', 1e-3, marks=pytest.mark.slow),
    ],
)
def test_the_compiled_model_is_the_model(model, samples, backend, tolerance):
    model.eval()
    expected = run(model, model.forward, samples)
    compiled = torch.compile(model.forward, backend=backend)
    for ours, plain in zip(
        run(model, compiled, samples), expected, strict=True
    ):
        scale = plain.abs().max().item()
        torch.testing.assert_close(
            ours, plain, rtol=tolerance, atol=tolerance * scale
        )


def test_only_the_ground_truth_is_left_out(model, samples):
    """One break, at the target builder; the network is one graph."""
    explained = torch._dynamo.explain(model)(images(), samples, mode='loss')
    assert explained.graph_break_count == 1
    (reason,) = explained.break_reasons
    assert 'disable' in reason.reason
