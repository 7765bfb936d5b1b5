"""Compile the network before training."""

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from mmbopr.registry import HOOKS


@HOOKS.register_module()
class CompileHook(Hook):
    """Let ``torch.compile`` take the model's forward pass.

    MMEngine's setting ``compile`` takes the whole training step, with the
    copying of meta information, which cannot be traced.

    Args:
        options: Keyword arguments of ``torch.compile``: ``backend``,
            ``mode``, ...
    """

    def __init__(self, **options):
        self.options = options

    def before_run(self, runner: Runner) -> None:
        """Compile; the first steps will be slow."""
        model = runner.model
        if is_model_wrapper(model):
            model = model.module
        model.compile(**self.options)
