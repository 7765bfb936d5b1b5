"""An answer as pictures, a page and files."""

from html import escape
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.exports import export_result
from mmbopr.visualization import (
    draw_result,
    draw_side_view,
    draw_top_view,
    write_viewer_page,
)

from .photo_model import Answer

# What can be drawn over the photo, from below to above.
LAYERS = ('mesh', 'skeleton', 'boxes')
_VIEW = 480  # px
_ATTENTION = dict(part='Body parts, a colour each', body='Whole body')


def draw_views(
    answer: Answer, body_model: SMPL, layers: Sequence[str]
) -> Dict[str, np.ndarray]:
    """Pictures of the people.

    Args:
        answer: With one person or more.
        body_model: The body that the result belongs to.
        layers: Of :data:`LAYERS`, in any order.

    Returns:
        dict: ``overlay`` (H, W, 3), ``side`` and ``top``, uint8 RGB.
    """
    image, result, _ = answer
    panel = '+'.join(x for x in LAYERS if x in layers) or 'image'
    return dict(
        overlay=draw_result(image, result, body_model, [panel]),
        side=draw_side_view(result, body_model, _VIEW),
        top=draw_top_view(result, body_model, _VIEW),
    )


def draw_attention(
    answer: Answer, body_model: SMPL
) -> List[Tuple[np.ndarray, str]]:
    """Pictures of where the network looked, with what they are called.

    Args:
        answer: With one person or more.
        body_model: The body that the result belongs to.

    Returns:
        list: (H, W, 3) uint8 RGB and a title each; empty if there are no
        maps.
    """
    image, result, attention = answer
    return [
        (
            draw_result(
                image, result, body_model, [f'{name}_attention'], attention
            ),
            title,
        )
        for name, title in _ATTENTION.items()
        if getattr(attention, name, None) is not None
    ]


def write_files(
    answer: Answer, body_model: SMPL, folder: Path, stem: str
) -> Dict[str, str]:
    """Write what can be taken away.

    Args:
        answer: With one person or more.
        body_model: The body that the result belongs to.
        folder: Where.
        stem: Of the names.

    Returns:
        dict: The files by format: ``json``, ``glb`` and ``html``.
    """
    image, result, _ = answer
    paths = {x: folder / f'{stem}.{x}' for x in ('json', 'glb', 'html')}
    result.save(paths['json'])
    export_result(result, paths['glb'], body_model)
    write_viewer_page(paths['html'], result, body_model, [image], title=stem)
    return {name: str(path) for name, path in paths.items()}


def viewer_frame(page: str) -> str:
    """A viewer's page as an element of another page.

    Args:
        page: HTML of :func:`~mmbopr.visualization.write_viewer_page`.
    """
    return (
        '<iframe class="viewer" sandbox="allow-scripts" title="The meshes" '
        f'srcdoc="{escape(page)}"></iframe>'
    )
