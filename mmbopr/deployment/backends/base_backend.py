"""What every runtime of an exported network can do."""

from abc import ABCMeta, abstractmethod
from pathlib import Path
from typing import Dict, Union

import numpy as np
import torch
from torch import Tensor

from mmbopr.structures.predictions import CropContext, MeshPrediction

from ..metadata import DeploymentError, ExportMetadata

Arrays = Dict[str, np.ndarray]


class BaseBackend(metaclass=ABCMeta):
    """Base of runtimes: subclasses write ``_load`` and ``run``.

    They take as many threads as torch does.

    Args:
        path: The ``.onnx`` file.

    Attributes:
        metadata: What the file says of itself.

    Raises:
        DeploymentError: If it is no exported file of ours.
        FileNotFoundError: If it is not there.
        ImportError: If the runtime is not installed.
    """

    def __init__(self, path: Union[str, Path]):
        self.path = Path(path)
        if not self.path.is_file():
            raise FileNotFoundError(
                f'there is no exported model {self.path}: make it by '
                'tools/deployment/export_model.py CONFIG CHECKPOINT'
            )
        if self.path.suffix != '.onnx':
            raise DeploymentError(
                f'{self.path}: {type(self).__name__} reads .onnx files; make '
                'one by tools/deployment/export_model.py CONFIG CHECKPOINT'
            )
        self.metadata = ExportMetadata.from_json(self._load(), self.path)

    @abstractmethod
    def _load(self) -> str | None:
        """Make the file ready to run, and return its metadata, if any."""

    @abstractmethod
    def run(self, arrays: Arrays) -> Arrays:
        """Execute the network.

        Args:
            arrays: By name, ``metadata.inputs``; those of ``inputs`` uint8,
                others float32.

        Returns:
            dict[str, np.ndarray]: By name, ``metadata.outputs``.
        """

    def __call__(self, inputs: Tensor, crops: CropContext) -> MeshPrediction:
        """Regress body parameters.

        Args:
            inputs: (N, 3, h, w) uint8 crops, BGR, not normalised.
            crops: What is known of them.

        Returns:
            MeshPrediction: On the CPU.

        Raises:
            DeploymentError: If the crops have another type or size.
        """
        size = tuple(inputs.shape[:1:-1])
        if inputs.dtype != torch.uint8 or size != self.metadata.input_size:
            raise DeploymentError(
                f'{self.path}: expected uint8 crops, not normalised, of '
                f'{self.metadata.input_size} pixels (w, h), found '
                f'{inputs.dtype} of {size}'
            )
        tensors = dict(inputs=inputs, **crops._asdict())
        outputs = self.run(
            {name: tensors[name].numpy() for name in self.metadata.inputs}
        )
        return MeshPrediction(
            **{
                name: torch.from_numpy(outputs[name])
                for name in MeshPrediction._fields
                if name in outputs
            }
        )


def damaged(path: Path, error: Exception) -> DeploymentError:
    """The error for a file that a runtime cannot read."""
    return DeploymentError(
        f'{path} is no ONNX file, or a damaged one '
        f'({str(error).strip().splitlines()[-1]}): export it again by '
        'tools/deployment/export_model.py'
    )
