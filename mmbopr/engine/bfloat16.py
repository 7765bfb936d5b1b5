"""bfloat16 training, on a GPU or a CPU."""

from contextlib import contextmanager

import torch
from mmengine.optim import OptimWrapper

from mmbopr.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Run the forward pass under bfloat16 autocast, wherever the model is.

    MMEngine's ``AmpOptimWrapper`` needs an accelerator.  bfloat16 has the
    exponent range of float32, so no gradient scaler is needed.

    Args:
        kwargs: See MMEngine's ``OptimWrapper``.
    """

    @contextmanager
    def optim_context(self, model):
        """Autocast around the forward pass of ``model``."""
        device_type = next(model.parameters()).device.type
        with (
            super().optim_context(model),
            torch.autocast(device_type, dtype=torch.bfloat16),
        ):
            yield
