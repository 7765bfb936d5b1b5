"""Where the time of a step goes, the backward pass included."""

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any, Callable, Dict, Iterator, List, Tuple

import torch
from torch import Tensor, nn


class PartTimer:
    """Charges time to the named parts of a model.

    What a part calls is charged to that part.  While gradients are recorded,
    the graph is cut behind every watched module, so that :meth:`backward` can
    go through it piece by piece; the gradients of the parameters are those of
    ``loss.backward()``.

    Args:
        clock: Seconds, as a function without arguments.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter):
        self.clock = clock
        self._seconds: Dict[str, float] = defaultdict(float)
        self._charging = False
        self._cuts: List[Tuple[str, List[Tuple[Tensor, Tensor]]]] = []

    def watch(self, name: str, module: nn.Module) -> None:
        """Charge the forward and backward passes of a module to a part."""
        forward = module.forward

        @wraps(forward)
        def charged(*args, **kwargs):
            if self._charging:
                return forward(*args, **kwargs)
            with self.charge(name):
                output = forward(*args, **kwargs)
            return self._cut(name, output)

        module.forward = charged

    def wrap(self, name: str, function: Callable) -> Callable:
        """The same function, its time charged to a part."""

        @wraps(function)
        def charged(*args, **kwargs):
            with self.charge(name):
                return function(*args, **kwargs)

        return charged

    @contextmanager
    def charge(self, name: str) -> Iterator[None]:
        """Charge what happens inside, unless another part pays for it."""
        if self._charging:
            yield
            return
        self._charging, start = True, self.clock()
        try:
            yield
        finally:
            self._seconds[name] += self.clock() - start
            self._charging = False

    def backward(self, name: str, loss: Tensor) -> None:
        """Compute all gradients of a loss.

        Args:
            name: The part that pays for the graph behind the last module.
            loss: Scalar, of the last forward pass.
        """
        with self.charge(name):
            loss.backward()
        for part, cut in reversed(self._cuts):
            used = [(x, leaf.grad) for x, leaf in cut if leaf.grad is not None]
            with self.charge(part):
                if used:
                    torch.autograd.backward(*zip(*used, strict=True))
        self._cuts.clear()

    def pop(self) -> Dict[str, float]:
        """Seconds of every part since the last call."""
        seconds, self._seconds = dict(self._seconds), defaultdict(float)
        return seconds

    def _cut(self, name: str, output: Any) -> Any:
        """Let the graph end behind a module's output."""
        cut = []

        def detach(tensor: Tensor) -> Tensor:
            if not tensor.requires_grad:
                return tensor
            cut.append((tensor, tensor.detach().requires_grad_()))
            return cut[-1][1]

        output = _map_tensors(detach, output)
        if cut:
            self._cuts.append((name, cut))
        return output


def _map_tensors(function: Callable[[Tensor], Tensor], value: Any) -> Any:
    """Apply a function to every tensor in what a module returned."""
    if isinstance(value, Tensor):
        return function(value)
    if is_dataclass(value):
        parts = {f.name: getattr(value, f.name) for f in fields(value)}
        return replace(value, **_map_tensors(function, parts))
    if isinstance(value, dict):
        return {k: _map_tensors(function, v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        parts = [_map_tensors(function, x) for x in value]
        named = hasattr(value, '_fields')
        return type(value)(*parts) if named else type(value)(parts)
    return value
