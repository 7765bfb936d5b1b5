"""One picture of a result, composed of what its reader wants to see."""

from typing import Callable, Dict, List, NamedTuple, Optional, Sequence

import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult

from .attention_maps import (
    AttentionMaps,
    draw_all_body_attention,
    draw_all_part_attention,
)
from .boxes import draw_boxes
from .overlay import check_image, draw_overlay, draw_side_view, draw_top_view
from .skeleton import draw_skeleton

_MIN_VIEW = 160  # pixels, however small the image
_WHITE = 255


class _Subject(NamedTuple):
    result: MeshResult
    body_model: SMPL
    attention: Optional[AttentionMaps]


def _need_attention(subject: _Subject, field: str) -> AttentionMaps:
    attention = subject.attention
    if attention is None or getattr(attention, field) is None:
        raise ValueError(
            f'{subject.result.img_path}: there is no {field} attention to '
            'draw; pass what gather_attention() finds of an estimator '
            f'that outputs it, or leave {field}_attention out of the panels'
        )
    return attention


# What can be drawn over the image, and what stands beside it.
LAYERS: Dict[str, Callable[[np.ndarray, _Subject], np.ndarray]] = {
    'image': lambda image, subject: image,
    'mesh': lambda image, s: draw_overlay(image, s.result, s.body_model),
    'skeleton': lambda image, s: draw_skeleton(image, s.result),
    'boxes': lambda image, s: draw_boxes(image, s.result),
    'part_attention': lambda image, s: draw_all_part_attention(
        image, _need_attention(s, 'part')
    ),
    'body_attention': lambda image, s: draw_all_body_attention(
        image, _need_attention(s, 'body')
    ),
}
VIEWS: Dict[str, Callable[[MeshResult, SMPL, int], np.ndarray]] = {
    'side': draw_side_view,
    'top': draw_top_view,
}


def draw_result(
    image: np.ndarray,
    result: MeshResult,
    body_model: SMPL,
    panels: Sequence[str] = ('mesh', 'side', 'top'),
    attention: Optional[AttentionMaps] = None,
) -> np.ndarray:
    """Draw a result as panels from left to right.

    A panel is a layer over the image, or several joined by ``+``, from
    below to above: ``'image'``, ``'mesh'``, ``'skeleton+boxes'``,
    ``'part_attention'``, ``'body_attention'``. The views ``'side'`` and
    ``'top'`` are squares, one below the other in a last column.

    Args:
        image: (H, W, 3) uint8 RGB, upright.
        result: Of this image.
        body_model: The body that the result belongs to.
        panels: What to draw.
        attention: For the attention layers.

    Returns:
        np.ndarray: uint8 RGB, as high as the image, or a little higher for
        views of tiny images.

    Raises:
        ValueError: If a panel is not known, its attention is missing, or
            image or body are not those of the result.
    """
    check_panels(panels)
    check_image(image, result)
    subject = _Subject(result, body_model, attention)
    columns = []
    for panel in panels:
        if panel not in VIEWS:
            drawn = image
            for layer in panel.split('+'):
                drawn = LAYERS[layer](drawn, subject)
            columns.append(drawn)
    views = [panel for panel in panels if panel in VIEWS]
    if views:
        size = max(_MIN_VIEW, image.shape[0] // len(views))
        drawn = [VIEWS[view](result, body_model, size) for view in views]
        columns.append(np.concatenate(drawn, 0))
    return _side_by_side(columns)


def check_panels(panels: Sequence[str]) -> None:
    """Raise ``ValueError`` unless all panels can be drawn."""
    for panel in panels:
        unknown = [x for x in panel.split('+') if x not in LAYERS]
        if panel not in VIEWS and unknown:
            raise ValueError(
                f'panel {panel!r}: {unknown[0]!r} is not known; layers over '
                f'the image are {", ".join(LAYERS)}, joined by "+"; views '
                f'beside it are {", ".join(VIEWS)}'
            )
    if not panels:
        raise ValueError(
            f'there is no panel to draw; layers are {", ".join(LAYERS)}, '
            f'views {", ".join(VIEWS)}'
        )


def _side_by_side(columns: List[np.ndarray]) -> np.ndarray:
    height = max(len(column) for column in columns)
    return np.concatenate(
        [
            np.pad(
                column,
                ((0, height - len(column)), (0, 0), (0, 0)),
                constant_values=_WHITE,
            )
            for column in columns
        ],
        1,
    )
