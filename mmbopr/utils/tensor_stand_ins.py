"""What stands for torch in a pickle that holds tensors.

The values are NumPy arrays on the CPU, wherever the tensors were.  The bytes
of a tensor are a file of ``torch.save`` in the pickle; they are read with
``weights_only=True``.  See :mod:`mmbopr.utils.safe_load`.
"""

from io import BytesIO
from typing import Callable, Mapping, Tuple

import torch

from .pickle_stand_ins import StandIn


class _Storage(StandIn):
    """``torch.storage._load_from_bytes(data)``."""

    def value(self, resolve):
        (data,) = self.args
        return torch.load(BytesIO(data), map_location='cpu', weights_only=True)


class _Tensor(StandIn):
    """``_rebuild_tensor_v2(storage, offset, size, stride, ...)``."""

    def value(self, resolve):
        storage, offset, size, stride = resolve(self.args[:4])
        tensor = torch.empty(0, dtype=storage.dtype)
        # torch checks that the view lies within the storage.
        tensor.set_(storage, offset, tuple(size), tuple(stride))
        return tensor.numpy().copy()


class _Parameter(StandIn):
    """``_rebuild_parameter(data, requires_grad, hooks)``."""

    def value(self, resolve):
        return resolve(self.args[0])


TENSOR_ALLOW: Mapping[Tuple[str, str], Callable] = {
    ('torch.storage', '_load_from_bytes'): _Storage,
    ('torch._utils', '_rebuild_tensor'): _Tensor,
    ('torch._utils', '_rebuild_tensor_v2'): _Tensor,
    ('torch._utils', '_rebuild_parameter'): _Parameter,
}
