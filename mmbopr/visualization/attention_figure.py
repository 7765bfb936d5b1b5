"""Figure 4 of the paper: what the network looks at, and what that gives."""

from typing import Dict, Optional

import numpy as np
from matplotlib.figure import Figure, SubFigure
from mmpose.structures import PoseDataSample
from torch import Tensor

from mmbopr.structures import PART_NAMES

from .colors import part_colors
from .figures import new_figure, show_pictures
from .heatmaps import draw_heatmap
from .person_pictures import CropView, crop_view, draw_attention
from .renderer import render_meshes

_COLUMNS = 8  # of the grid of parts


def attention_figure(
    image: np.ndarray,
    full: PoseDataSample,
    faces: Tensor,
    without_reference: Optional[PoseDataSample] = None,
    *,
    title: str = '',
    size: int = 320,
) -> Figure:
    """Draw the attention and the mesh of one person.

    Above: the input, the attention maps, the mesh and, if given, the mesh
    without the body reference feature.  Below: the attention of every part.

    Args:
        image: (H, W, 3) uint8 RGB, the full image.
        full: The prediction, with attention maps in ``pred_fields``.
        faces: (F, 3) long, of the body model.
        without_reference: The prediction for the same person made inside of
            :func:`~mmbopr.evaluation.body_reference.without_body_reference`.
        title: What stands above.
        size: Longer side of a picture in pixels.

    Returns:
        Figure: To be saved with
        :func:`~mmbopr.visualization.figures.save_figure`.
    """
    view = crop_view(
        image,
        full.pred_instances.K_full[0],
        full.bbox_center,
        full.bbox_scale,
        size,
    )
    panels = {'Input': view.image, **draw_attention(view.image, full)}
    panels['Mesh'] = _draw_mesh(view, full, faces)
    if without_reference is not None:
        panels['Mesh without body reference'] = _draw_mesh(
            view, without_reference, faces
        )
    parts = full.pred_fields.get('part_attention')
    if parts is None:
        figure, (above,) = new_figure([2.9], title)
    else:
        figure, (above, below) = new_figure([2.9, 6.1], title)
        _show_parts(below, view.image, parts.numpy())
    show_pictures(above, panels, columns=len(panels))
    return figure


def _draw_mesh(
    view: CropView, sample: PoseDataSample, faces: Tensor
) -> np.ndarray:
    predictions = sample.pred_instances
    vertices = predictions.vertices + predictions.cam_transl_full[:, None]
    return render_meshes(view.image, vertices, faces, view.K)


def _show_parts(
    figure: SubFigure, image: np.ndarray, maps: np.ndarray
) -> None:
    """The grid of parts, framed in the colours of the coloured picture."""
    names = [name.replace('_', ' ') for name in PART_NAMES]
    pictures: Dict[str, np.ndarray] = {
        f'{name}, {heatmap.max():.1%}': draw_heatmap(image, heatmap)
        for name, heatmap in zip(names, maps, strict=True)
    }
    figure.suptitle(
        'Attention of each part, framed in its colour above; in percent, the '
        'share of the brightest cell',
        fontsize=10,
    )
    show_pictures(
        figure, pictures, columns=_COLUMNS, frames=part_colors() / 255
    )
