"""The terms of a sum, by name."""

from typing import Dict

from torch import Tensor, nn

from mmbopr.registry import MODELS


class LossTerms(nn.ModuleDict):
    """Terms that a config asks for, each of which is logged by itself.

    Args:
        configs: Configs of the terms by name; None leaves a term out.
    """

    def __init__(self, configs: Dict[str, dict | None]):
        super().__init__(
            {key: MODELS.build(x) for key, x in configs.items() if x}
        )

    def forward(self, inputs: Dict[str, tuple]) -> Dict[str, Tensor]:
        """Compute all terms.

        Args:
            inputs: Arguments of every term that there may be.

        Returns:
            dict[str, Tensor]: scalar losses.
        """
        return {key: loss(*inputs[key]) for key, loss in self.items()}
