"""Models as files for other runtimes: ONNX and ``torch.export``."""

from .export import BodyLicenceError, export_model
from .loading import load_deployed
from .metadata import DeploymentError, ExportMetadata

__all__ = [
    'BodyLicenceError',
    'DeploymentError',
    'ExportMetadata',
    'export_model',
    'load_deployed',
]
