"""Initialisation from checkpoints that says what it could not use."""

import re
from typing import Dict, List, Sequence

from mmengine.logging import print_log
from mmengine.model.weight_init import PretrainedInit, update_init_info
from mmengine.runner.checkpoint import (
    CheckpointLoader,
    _load_checkpoint_with_prefix,
)
from torch import Tensor, nn

from mmbopr.registry import WEIGHT_INITIALIZERS


@WEIGHT_INITIALIZERS.register_module()
class CheckedPretrained(PretrainedInit):
    """Load a checkpoint of which only named parts may lack or be left over.

    ``type='Pretrained'`` of MMEngine loads what fits and goes on; half a
    backbone can start at random that way.  Here every missing and unexpected
    key is listed, and one that the config does not expect is an error.

    Sub-modules initialise themselves first, so that what is loaded stands.

    Args:
        checkpoint: File or URL.
        prefix: Prefix of the part of the checkpoint that is loaded; None
            loads it all.
        allow_missing: Regular expressions of keys that the checkpoint may
            lack; the whole key must match.
        allow_unexpected: Regular expressions of keys that the module may
            lack.
        map_location: As in MMEngine.
    """

    def __init__(
        self,
        checkpoint: str,
        prefix: str | None = None,
        *,
        allow_missing: Sequence[str] = (),
        allow_unexpected: Sequence[str] = (),
        map_location: str = 'cpu',
    ):
        super().__init__(checkpoint, prefix, map_location)
        self.allow_missing = allow_missing
        self.allow_unexpected = allow_unexpected

    def __call__(self, module: nn.Module) -> None:
        """Load the weights of ``module``.

        Raises:
            RuntimeError: If a key is missing or left over that may not be,
                or a shape differs.
        """
        _initialise_children(module)
        print_log(f'load {self.checkpoint}', logger='current')
        missing, unexpected = module.load_state_dict(
            self._read(), strict=False
        )
        name = type(module).__name__
        for keys, what, allowed in (
            (missing, 'not in the checkpoint', self.allow_missing),
            (unexpected, f'not in {name}', self.allow_unexpected),
        ):
            self._report(keys, what, allowed)
        if hasattr(module, '_params_init_info'):
            update_init_info(module, init_info=self._get_init_info())

    def _read(self) -> Dict[str, Tensor]:
        """The weights with this prefix, without it."""
        if self.prefix:
            return _load_checkpoint_with_prefix(
                self.prefix, self.checkpoint, self.map_location
            )
        content = CheckpointLoader.load_checkpoint(
            self.checkpoint, self.map_location
        )
        return content.get('state_dict', content)

    def _report(self, keys: List[str], what: str, allowed: Sequence[str]):
        if keys:
            print_log(f'{len(keys)} keys are {what}: {keys}', logger='current')
        refused = [
            key
            for key in keys
            if not any(re.fullmatch(pattern, key) for pattern in allowed)
        ]
        if refused:
            raise RuntimeError(
                f'{self.checkpoint}: {len(refused)} keys are {what}, which '
                f'the config does not expect: {refused}. Use the checkpoint '
                'of this architecture, or add a pattern to init_cfg'
            )


def _initialise_children(module: nn.Module) -> None:
    """Do what ``BaseModule`` would do after this initialiser, before it."""
    for child in module.children():
        if hasattr(child, 'init_weights'):
            child.init_weights()
            child.is_init = True  # once is enough
