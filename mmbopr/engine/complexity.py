"""Parameters and operations of a network, part by part."""

from math import prod
from typing import Dict, List, NamedTuple, Tuple

from mmengine.analysis import FlopAnalyzer, parameter_count
from torch import Tensor, nn

from mmbopr.deployment.network import MeshNetwork, Normalise
from mmbopr.deployment.tracing import example_inputs

_BODY = 'body'
_ATTENTION = 'aten::scaled_dot_product_attention'


class Complexity(NamedTuple):
    """What one crop costs.

    Attributes:
        params: Module -> parameters, with those that only training uses;
            '' is all.
        flops: Module -> multiply-adds of a prediction; '' is all but the
            body layer, which is ``body``.
        uncounted: Names of operations that are not counted: those that work
            element by element.
    """

    params: Dict[str, int]
    flops: Dict[str, int]
    uncounted: List[str]

    def rows(self, depth: int) -> List[str]:
        """Names of the network's modules down to a depth, 1 for its parts."""
        return [
            name
            for name in self.flops
            if name
            and name.count('.') < depth
            and name.split('.')[0] != _BODY
            and (self.flops[name] or self.params.get(name))
        ]


class _TracedNetwork(MeshNetwork):
    def forward(self, *inputs: Tensor) -> Tuple[Tensor, ...]:
        """As tracing wants it: no names."""
        return tuple(super().forward(*inputs).values())


def measure_complexity(
    model: nn.Module, input_size: Tuple[int, int]
) -> Complexity:
    """Count parameters and multiply-adds.

    As in MMEngine, one multiply-add is one operation.  Attention, which it
    does not know, is counted as its two matrix products.

    Args:
        model: :class:`~mmbopr.models.estimators.BodyMeshEstimator`.
        input_size: (w, h) of the crop in pixels.
    """
    network = _TracedNetwork(model, Normalise()).eval()
    inputs = example_inputs(input_size, batch_size=1)
    analyzer = FlopAnalyzer(network, tuple(inputs.values()))
    analyzer.set_op_handle(_ATTENTION, _attention_flops)
    # Parts that only training uses are not called; operations without a
    # handle are returned.
    analyzer.uncalled_modules_warnings(False)
    analyzer.unsupported_ops_warnings(False)
    analyzer.tracer_warnings('none')
    flops = {name: int(x) for name, x in analyzer.by_module().items()}
    flops[''] -= flops[_BODY]
    uncounted = analyzer.unsupported_ops()
    return Complexity(
        dict(parameter_count(network)),
        flops,
        sorted(name.removeprefix('aten::') for name in uncounted),
    )


def _attention_flops(inputs: list, outputs: list) -> int:
    """Queries times keys, and weights times values, of all heads."""
    query, key, value = (x.type().sizes() for x in inputs[:3])
    weights = prod(query[:-1]) * key[-2]
    return weights * (query[-1] + value[-1])
