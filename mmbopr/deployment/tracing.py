"""From a network to one graph for any number of crops."""

from contextlib import contextmanager
from typing import Dict, Iterator, List, Tuple

import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from mmbopr.structures import COCO_17
from mmbopr.structures.predictions import CropContext

from .metadata import DeploymentError

_INPUTS = ('inputs', *CropContext._fields)
_PROMPTS = 'keypoint_prompts'


def example_inputs(
    input_size: Tuple[int, int], batch_size: int = 2, seed: int = 0
) -> Dict[str, Tensor]:
    """Noise in crops of a plausible picture, with all key points given.

    Args:
        input_size: (w, h) of the crops in pixels.
        batch_size: N.
        seed: Of the noise.

    Returns:
        dict[str, Tensor]: Arguments of
        :class:`~mmbopr.deployment.network.ParameterNetwork`.
    """
    generator = torch.Generator().manual_seed(seed)
    N, (w, h) = batch_size, input_size

    def rand(*shape):
        return torch.rand(N, *shape, generator=generator)

    return dict(
        inputs=(256 * rand(3, h, w)).to(torch.uint8),
        bbox=200 + 100 * rand(4),
        K=torch.tensor([[1000.0, 1000, 400, 300]]).expand(N, 4).contiguous(),
        keypoint_prompts=2 * rand(len(COCO_17), 3) - 1,
    )


def inputs_read(network: nn.Module, example: Dict[str, Tensor]) -> List[str]:
    """Names of the inputs that a network reads.

    The key points are left out if no output hangs on them.
    """
    prompts = example[_PROMPTS].clone().requires_grad_()
    with torch.enable_grad():
        outputs = network(**example | {_PROMPTS: prompts}).values()
        total = sum(x.sum() for x in outputs)
        (gradient,) = torch.autograd.grad(total, prompts, allow_unused=True)
    return [x for x in _INPUTS if x != _PROMPTS or gradient is not None]


def trace(network: nn.Module, example: Dict[str, Tensor]) -> ExportedProgram:
    """Record the graph of a network.

    Args:
        network: In evaluation mode.
        example: Its inputs, of a batch of at least two.

    Returns:
        ExportedProgram: For any batch size.

    Raises:
        DeploymentError: If a part of the network cannot be recorded; names
            it.
    """
    batch = Dim('batch', min=1)
    shapes = {name: {0: batch} for name in example}
    # With gradients, torch's transformer layers and attention run in single
    # steps; their fused form exists in torch alone.
    with torch.enable_grad(), _naming_the_part(network):
        return torch.export.export(
            network, (), example, dynamic_shapes=shapes, strict=False
        )


@contextmanager
def _naming_the_part(network: nn.Module) -> Iterator[None]:
    """Say which module was running when an error came."""
    running = ['']
    handles = []
    for name, module in network.named_modules():
        handles += [
            module.register_forward_pre_hook(
                lambda *_, name=name: running.append(name)
            ),
            module.register_forward_hook(lambda *_: running.__delitem__(-1)),
        ]
    try:
        yield
    except Exception as error:
        part = network.get_submodule(running[-1])
        raise DeploymentError(
            f'{running[-1] or "the network"} ({type(part).__name__}) cannot '
            f'be exported: {str(error).strip().splitlines()[0]}. Its forward '
            'must not branch on values, nor use the batch size as a number '
            '(len(x), int(x.shape[0])); write it with tensor operations, or '
            'use another part'
        ) from error
    finally:
        for handle in handles:
            handle.remove()
