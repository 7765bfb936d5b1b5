"""Means over the rows that a term may use."""

from torch import Tensor


def masked_mean(per_row: Tensor, valid: Tensor) -> Tensor:
    """Mean of (N,) values over the rows where ``valid`` (N,) is set.

    A batch without such a row gives a zero that keeps the graph.  Under
    distributed training every rank takes the mean over its own rows.
    """
    return (per_row * valid).sum() / valid.sum().clamp_min(1)


def masked_difference(pred: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """``pred - target`` (N, ...), zero in rows without ground truth.

    Selecting before the arithmetic keeps NaN of unlabelled rows out of both
    the value and the gradient.
    """
    valid = valid.view(-1, *[1] * (target.dim() - 1))
    return (pred - target.where(valid, pred.detach())) * valid
