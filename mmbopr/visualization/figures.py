"""Figures made of pictures, drawn without a display."""

from pathlib import Path
from typing import List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from mmbopr.utils.atomic import replace_when_complete

_WIDTH = 14.0  # inches
_DPI = 100


def new_figure(
    heights: Sequence[float], title: str = ''
) -> Tuple[Figure, List[SubFigure]]:
    """An empty figure of bands, one below the other.

    Args:
        heights: (B,) of the bands in inches.
        title: What stands above them.

    Returns:
        tuple[Figure, list[SubFigure]]: The figure and its B bands.
    """
    figure = Figure((_WIDTH, sum(heights)), _DPI, layout='constrained')
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)
    figure.suptitle(title, fontsize=13)
    bands = figure.subfigures(
        len(heights), height_ratios=heights, squeeze=False
    )
    return figure, list(bands[:, 0])


def show_pictures(
    figure: SubFigure,
    pictures: Mapping[str, np.ndarray],
    columns: int,
    frames: Optional[np.ndarray] = None,
) -> List[Axes]:
    """Put titled pictures on a grid, row by row.

    Args:
        figure: Where they go.
        pictures: Title -> (h, w, 3) uint8 RGB.
        columns: Of the grid.
        frames: (P, 3) colours of their frames, 0 to 1; none by default.

    Returns:
        list[Axes]: One a picture.
    """
    rows = -(-len(pictures) // columns)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid:
        axes.set_axis_off()
    axes_list = list(grid[: len(pictures)])
    for axes, (title, picture) in zip(
        axes_list, pictures.items(), strict=True
    ):
        axes.imshow(picture, interpolation='hanning')
        axes.set_title(title, fontsize=10, pad=4)
    if frames is not None:
        for axes, color in zip(axes_list, frames, strict=True):
            axes.set_axis_on()
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(color=color, linewidth=3)
    return axes_list


def save_figure(figure: Figure, path: Union[str, Path]) -> None:
    """Write a figure; the file is either complete or not there.

    Args:
        figure: What to write.
        path: File name, ``*.png``.
    """
    with replace_when_complete(path) as temporary:
        figure.savefig(temporary, format='png', facecolor='white')
