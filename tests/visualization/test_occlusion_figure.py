import numpy as np
import pytest

from mmbopr.evaluation.occlusion_grid import OcclusionGrid
from mmbopr.structures import LSP_14
from mmbopr.visualization.occlusion_figure import occlusion_figure

GRID = OcclusionGrid.cover((40, 60), 10, 10)  # 4 x 6 positions
IMAGE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
BASELINE = np.arange(50.0, 64)
HEAD = LSP_14.names.index('head')


@pytest.fixture
def errors():
    """Head: 60 mm more at position (0, 5); all others 7 mm less there."""
    errors = np.tile(BASELINE, (*GRID.shape, 1))
    errors[0, 5] -= 7
    errors[0, 5, HEAD] = BASELINE[HEAD] + 60
    return errors


@pytest.fixture
def bands(errors):
    figure = occlusion_figure(IMAGE, errors, BASELINE, GRID, 'person')
    assert figure.get_suptitle() == 'person'
    return figure.subfigs


def maps(band):
    """Axes with a picture and a map over it."""
    return [axes for axes in band.axes if len(axes.images) == 2]


def test_titles_tell_the_errors(bands):
    above, below = bands
    titles = [axes.get_title() for axes in above.axes[:3]]
    change = (60 - 13 * 7) / 14  # of the mean: the worst place is elsewhere
    assert change < 0
    assert titles[1:] == [
        'mean of the joints\n56 to 56 mm', 'most hurt: head\n63 to 123 mm',
    ]  # fmt: skip
    titles = [axes.get_title() for axes in maps(below)]
    assert titles[0] == 'right ankle\n50 to 50 mm' and len(titles) == 14
    assert titles[HEAD] == 'head\n63 to 123 mm'


def test_all_maps_share_one_scale_in_mm(bands):
    for band, count in zip(bands, (2, 14), strict=True):
        axes_list = maps(band)
        assert len(axes_list) == count
        for axes in axes_list:
            assert axes.images[1].get_clim() == (-60, 60)
        bar = band.axes[-1]
        assert bar.get_ylabel() == 'change of the error in mm'
        assert bar.get_ylim() == (-60, 60)


def test_maps_hold_the_changes(bands, errors):
    above, below = bands
    for j, axes in enumerate(maps(below)):
        found = axes.images[1].get_array()
        np.testing.assert_allclose(found, errors[..., j] - BASELINE[j])
    mean, worst = (axes.images[1].get_array() for axes in maps(above))
    np.testing.assert_allclose(mean, (errors - BASELINE).mean(-1))
    np.testing.assert_allclose(worst, errors[..., HEAD] - BASELINE[HEAD])


def test_maps_lie_where_the_square_was(bands):
    for axes in maps(bands[1]):
        # Centres of the square run from 4.5 to 54.5 and from 4.5 to 34.5.
        assert axes.images[1].get_extent() == [-0.5, 59.5, 39.5, -0.5]
        assert axes.get_xlim() == (-0.5, 59.5)
        assert axes.get_ylim() == (39.5, -0.5)


def test_the_square_is_shown_at_its_size(bands):
    (square,) = bands[0].axes[0].patches
    assert square.get_xy() == (29.5, 19.5)
    assert square.get_width() == square.get_height() == 10


def test_a_map_may_be_one_position_without_any_change():
    grid = OcclusionGrid.cover((40, 40), 40, 10)
    errors = BASELINE[None, None]
    figure = occlusion_figure(IMAGE[:, :40], errors, BASELINE, grid)
    (axes, *_) = maps(figure.subfigs[1])
    assert axes.images[1].get_extent() == [-0.5, 39.5, 39.5, -0.5]
