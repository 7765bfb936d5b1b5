"""bfloat16 training on a CPU."""

from contextlib import contextmanager

import torch
from mmengine.optim import OptimWrapper

from mmbopr.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module()
class CpuAmpOptimWrapper(OptimWrapper):
    """Run the forward pass under bfloat16 autocast.

    MMEngine's ``AmpOptimWrapper`` needs an accelerator.  bfloat16 has the
    exponent range of float32, so no gradient scaler is needed.

    Args:
        kwargs: See MMEngine's ``OptimWrapper``.
    """

    @contextmanager
    def optim_context(self, model):
        """Autocast around the forward pass of ``model``."""
        with (
            super().optim_context(model),
            torch.autocast('cpu', dtype=torch.bfloat16),
        ):
            yield
