import cv2
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from mmbopr.visualization.figures import (
    new_figure,
    save_figure,
    show_pictures,
)


def picture(value, height=20, width=20):
    return np.full((height, width, 3), value, np.uint8)


@pytest.fixture
def figure():
    """Six pictures above, two below, the last of them framed in red."""
    figure, (above, below) = new_figure([3, 3], 'Everything')
    shades = {f'shade {v}': picture(v) for v in range(0, 180, 30)}
    show_pictures(above, shades, columns=3)
    pair = {'left': picture(100), 'right': picture(140, 20, 10)}
    show_pictures(below, pair, 2, frames=np.array([[0, 0, 1], [1, 0, 0.0]]))
    return figure


def area(image, colour):
    return (image == np.array(colour)).all(-1).sum()


def test_pictures_lie_row_by_row_with_their_titles(figure):
    above, below = figure.subfigs
    titles = [axes.get_title() for axes in above.axes]
    assert titles == [f'shade {v}' for v in range(0, 180, 30)]
    figure.canvas.draw()
    boxes = [axes.get_position() for axes in above.axes]
    assert boxes[0].y0 > boxes[3].y1  # a row above the next
    assert boxes[0].x1 < boxes[1].x0 < boxes[2].x0
    assert figure.get_suptitle() == 'Everything'
    assert len(below.axes) == 2


def test_what_is_written_is_what_was_drawn(figure, tmp_path):
    save_figure(figure, tmp_path / 'out' / 'figure.png')
    image = cv2.imread(str(tmp_path / 'out/figure.png'))[..., ::-1]
    assert image.shape == (600, 1400, 3)
    for value in (30, 60, 90, 120, 100, 140):
        assert area(image, [value] * 3) > 2000, value
    # Pictures keep their shape: the right one is half as wide.
    ratio = area(image, [100] * 3) / area(image, [140] * 3)
    assert ratio == pytest.approx(2, rel=0.1)
    assert area(image, [255, 0, 0]) > 200 and area(image, [0, 0, 255]) > 200


def test_no_text_leaves_the_figure(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    for band in figure.subfigs:
        for axes in band.axes:
            box = axes.title.get_window_extent(renderer)
            assert box.x0 >= 0 and box.x1 <= 1400
            assert box.y0 >= 0 and box.y1 <= 600
