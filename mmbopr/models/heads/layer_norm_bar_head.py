"""BAR with eq. (2) taken literally, for the ablation."""

from torch import nn

from mmbopr.registry import MODELS

from ..layers import LayerNormAttention
from .bar_head import BARHead


@MODELS.register_module()
class LayerNormBARHead(BARHead):
    """BAR whose body-aware transformer is eq. (2) as it is printed.

    The regression transformer, of which the paper gives no formula, is that
    of :class:`BARHead`.

    Args:
        embed_dims: Width of the tokens.
        body_aware_layers: Layers of the body-aware transformer.
        kwargs: As in :class:`BARHead`.
    """

    def __init__(
        self, *, embed_dims: int = 128, body_aware_layers: int = 2, **kwargs
    ):
        super().__init__(embed_dims=embed_dims, body_aware_layers=0, **kwargs)
        self.body_aware_transformer = nn.Sequential(
            *(LayerNormAttention(embed_dims) for _ in range(body_aware_layers))
        )
