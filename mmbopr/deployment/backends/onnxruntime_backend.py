"""Inference by onnxruntime."""

import torch

from mmbopr.utils.packages import need

from ..metadata import METADATA_KEY
from .base_backend import Arrays, BaseBackend, damaged


class OnnxRuntimeBackend(BaseBackend):
    """Run on the CPU in single precision; see the base class."""

    def _load(self) -> str | None:
        ort = need('onnxruntime', 'the backend onnxruntime')
        errors = ort.capi.onnxruntime_pybind11_state
        options = ort.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        try:
            self._session = ort.InferenceSession(
                self.path, options, providers=['CPUExecutionProvider']
            )
        except (errors.InvalidProtobuf, errors.InvalidGraph) as error:
            raise damaged(self.path, error) from error
        facts = self._session.get_modelmeta().custom_metadata_map
        return facts.get(METADATA_KEY)

    def run(self, arrays: Arrays) -> Arrays:
        """See the base class."""
        names = self.metadata.outputs
        return dict(zip(names, self._session.run(names, arrays), strict=True))
