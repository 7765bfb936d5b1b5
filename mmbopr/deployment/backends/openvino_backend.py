"""Inference by OpenVINO."""

from functools import cache
from pathlib import Path
from typing import Optional, Union

import torch

from mmbopr.utils.packages import need

from ..metadata import METADATA_KEY, DeploymentError
from .base_backend import Arrays, BaseBackend, damaged

# Our names of the precisions -> OpenVINO's.
_PRECISIONS = {'fp32': 'f32', 'bf16': 'bf16'}


class OpenVINOBackend(BaseBackend):
    """Run on the CPU, in half precision where the CPU has it.

    In bf16 the body parameters, computed from the last matrix products on in
    single precision, stay good; ``vertices`` and ``joints`` of a file with
    the body layer do not (see docs/deployment.md).

    Args:
        path: The ``.onnx`` file.
        precision: 'fp32' or 'bf16'; None takes bf16 if the CPU computes in
            it.

    Attributes:
        precision: The one that is used.

    Raises:
        DeploymentError: If the CPU does not compute in that precision;
            OpenVINO itself would take another without a word.
    """

    def __init__(
        self, path: Union[str, Path], precision: Optional[str] = None
    ):
        self.precision = precision
        super().__init__(path)

    def _load(self) -> str | None:
        core = openvino_core()
        self.precision = _choose_precision(core, self.precision)
        try:
            model = core.read_model(self.path)
        except RuntimeError as error:
            raise damaged(self.path, error) from error
        self._compiled = core.compile_model(
            model,
            'CPU',
            {
                'INFERENCE_PRECISION_HINT': _PRECISIONS[self.precision],
                'INFERENCE_NUM_THREADS': torch.get_num_threads(),
            },
        )
        place = ['framework', METADATA_KEY]
        if not model.has_rt_info(place):
            return None
        return model.get_rt_info(place).value

    def run(self, arrays: Arrays) -> Arrays:
        """See the base class."""
        found = self._compiled(arrays)
        return {name: found[name] for name in self.metadata.outputs}


def openvino_core():
    """OpenVINO's ``Core``, one for the process.

    Each brings a stack of its own for signal handlers.  Where several come
    and go, the last may leave that of another in place, which is no longer
    there: the next signal that Python handles, be it Ctrl-C or the end of a
    data loader's worker, would crash the process.

    Raises:
        ImportError: If OpenVINO is not installed.
    """
    return _core_of(need('openvino', 'the backend openvino'))


@cache
def _core_of(ov):
    return ov.Core()


def _choose_precision(core, wanted: Optional[str]) -> str:
    able = core.get_property('CPU', 'OPTIMIZATION_CAPABILITIES')
    if wanted is None:
        return 'bf16' if 'BF16' in able else 'fp32'
    if wanted not in _PRECISIONS:
        raise DeploymentError(
            f'precision {wanted!r} is none of {sorted(_PRECISIONS)}'
        )
    if wanted.upper() not in able:
        raise DeploymentError(
            f'this CPU does not compute in {wanted}, only in '
            f'{", ".join(able)}: leave out precision, or give another'
        )
    return wanted
