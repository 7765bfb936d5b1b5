"""An exported network in the place of backbone, neck and head."""

from torch import Tensor, nn

from mmbopr.structures.predictions import CropContext, MeshPrediction

from .backends import BaseBackend


class DeployedHead(nn.Module):
    """A head that reads crops instead of features.

    Args:
        backend: Runs the network.
    """

    def __init__(self, backend: BaseBackend):
        super().__init__()
        self.backend = backend

    def forward(self, inputs: Tensor, crops: CropContext) -> MeshPrediction:
        """Regress body parameters.

        Args:
            inputs: (N, 3, h, w) uint8 crops, BGR.
            crops: What is known of them.

        Returns:
            MeshPrediction: As of the head that was exported.
        """
        return self.backend(inputs, crops)
