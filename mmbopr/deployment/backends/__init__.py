"""Runtimes that execute an exported network."""

from .base_backend import BaseBackend
from .onnxruntime_backend import OnnxRuntimeBackend
from .openvino_backend import OpenVINOBackend

# What ``--backend`` may name, beside torch.
BACKENDS = {
    'onnxruntime': OnnxRuntimeBackend,
    'openvino': OpenVINOBackend,
}

__all__ = ['BACKENDS', 'BaseBackend', 'OnnxRuntimeBackend', 'OpenVINOBackend']
