"""Where a hidden square hurts: maps of the error over the crop."""

from typing import Sequence, Tuple

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle

from mmbopr.evaluation.occlusion_grid import OcclusionGrid
from mmbopr.structures import LSP_14

from .figures import new_figure, show_pictures

_COLORMAP = 'RdBu_r'
_MAX_ALPHA = 0.9
_COLUMNS = 7  # of the grid of joints
_NAMES = tuple(name.replace('_', ' ') for name in LSP_14.names)


def occlusion_figure(
    image: np.ndarray,
    errors: np.ndarray,
    baseline: np.ndarray,
    grid: OcclusionGrid,
    title: str = '',
) -> Figure:
    """Draw how a person's errors change under occlusion, on one scale.

    Above: the input with the square in the middle of its positions, the mean
    over the joints, and the joint whose error grows most.  Below: all joints.
    The colour at a place tells the change, red for worse, with the square
    centred there.

    Note: R, C: rows and columns of positions, J: the 14 joints of LSP-14.

    Args:
        image: (H, W, 3) uint8 RGB, the crop.
        errors: (R, C, J) in mm.
        baseline: (J,) in mm, without occlusion.
        grid: The positions.
        title: What stands above.

    Returns:
        Figure: To be saved with
        :func:`~mmbopr.visualization.figures.save_figure`.
    """
    changes = np.moveaxis(errors - baseline, -1, 0)
    halfrange = max(np.abs(changes).max(), 1e-6)
    scale = ScalarMappable(CenteredNorm(halfrange=halfrange), _COLORMAP)
    figure, (above, below) = new_figure([3.8, 5.0], title)
    _show_summary(above, image, baseline, changes, grid, scale)
    _show_joints(below, image, baseline, changes, grid, scale)
    for band in (above, below):
        band.colorbar(
            scale, ax=band.axes, label='change of the error in mm', pad=0.01
        )
    return figure


def _show_summary(
    band: SubFigure,
    image: np.ndarray,
    baseline: np.ndarray,
    changes: np.ndarray,
    grid: OcclusionGrid,
    scale: ScalarMappable,
) -> None:
    """The input, the mean and the worst of changes (J, R, C)."""
    worst = int(changes.max((1, 2)).argmax())
    mean = changes.mean(0)
    name = f'most hurt: {_NAMES[worst]}'
    grey = _grey(image)
    pictures = {
        'input\nand the square in one place': image,
        _label('mean of the joints', baseline.mean(), mean): grey,
        _label(name, baseline[worst], changes[worst]): grey,
    }
    input_axes, *axes = show_pictures(band, pictures, columns=3)
    _draw_square(input_axes, grid)
    _show_changes(axes, [mean, changes[worst]], grid, scale)


def _show_joints(
    band: SubFigure,
    image: np.ndarray,
    baseline: np.ndarray,
    changes: np.ndarray,
    grid: OcclusionGrid,
    scale: ScalarMappable,
) -> None:
    """Every joint of changes (J, R, C)."""
    band.suptitle(
        'Titles: the error without the square, and with it in the worst place',
        fontsize=10,
    )
    labels = [_label(*x) for x in zip(_NAMES, baseline, changes, strict=True)]
    pictures = dict.fromkeys(labels, _grey(image))
    axes = show_pictures(band, pictures, _COLUMNS)
    _show_changes(axes, changes, grid, scale)


def _grey(image: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.repeat(grey[..., None], 3, 2)


def _label(name: str, baseline: float, changes: np.ndarray) -> str:
    return f'{name}\n{baseline:.0f} to {baseline + changes.max():.0f} mm'


def _draw_square(axes: Axes, grid: OcclusionGrid) -> None:
    """In the middle of its positions; pixel (0, 0) is centred on (0, 0)."""
    left, top = (x[len(x) // 2] - 0.5 for x in (grid.lefts, grid.tops))
    square = Rectangle((left, top), grid.patch, grid.patch, fc='0.5', ec='w')
    axes.add_patch(square)


def _show_changes(
    axes_list: Sequence[Axes],
    changes: Sequence[np.ndarray],
    grid: OcclusionGrid,
    scale: ScalarMappable,
) -> None:
    """Lay maps (R, C) over pictures of the crop, the stronger the denser."""
    extent = [*_reach(grid.lefts, grid.patch), *_reach(grid.tops, grid.patch)]
    extent[2:] = extent[:1:-1]  # rows go down
    for axes, change in zip(axes_list, changes, strict=True):
        limits = axes.axis()
        strength = np.sqrt(np.abs(change) / scale.norm.halfrange)
        axes.imshow(
            change,
            scale.cmap,
            scale.norm,
            alpha=_MAX_ALPHA * strength,
            extent=extent,
            interpolation='bilinear',
        )
        axes.axis(limits)


def _reach(edges: np.ndarray, patch: int) -> Tuple[float, float]:
    """Borders of the cells around the centres of the square."""
    first, last = edges[[0, -1]] + patch / 2 - 0.5
    half = (last - first) / max(len(edges) - 1, 1) / 2 or patch / 2
    return first - half, last + half
