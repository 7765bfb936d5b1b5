import numpy as np
import pytest

from mmbopr.visualization import draw_heatmap, draw_part_attention
from mmbopr.visualization.colors import part_colors

GREY = np.full((64, 96, 3), 128, np.uint8)


def test_peak_lands_at_its_pixel():
    heatmap = np.zeros((8, 12))
    heatmap[2, 7] = 0.3
    change = np.abs(draw_heatmap(GREY, heatmap).astype(int) - 128).sum(-1)
    rows, columns = np.nonzero(change == change.max())
    # Cell (2, 7) of 8 pixels has its middle at (20, 60).
    assert abs(rows.mean() + 0.5 - 20) <= 0.5
    assert abs(columns.mean() + 0.5 - 60) <= 0.5
    assert change[40:].max() == 0


def test_image_turns_grey_where_there_is_no_attention():
    image = np.zeros((8, 8, 3), np.uint8)
    image[..., 1] = 200
    picture = draw_heatmap(image, np.zeros((4, 4)))
    np.testing.assert_array_equal(picture, round(0.587 * 200))


def test_each_part_shows_in_its_own_color():
    maps = np.zeros((24, 4, 6))
    maps[3, 1, 1], maps[15, 2, 4] = 0.9, 1e-3
    black = np.zeros_like(GREY)
    picture = draw_part_attention(black, maps, alpha=1.0)
    # Pixels in the middle of the cells; each map has its own scale.
    for part, (row, column) in {3: (24, 24), 15: (40, 72)}.items():
        np.testing.assert_allclose(
            picture[row, column], part_colors()[part], atol=20
        )


def test_background_map_must_be_dropped():
    with pytest.raises(ValueError, match='without the background'):
        draw_part_attention(GREY, np.zeros((25, 4, 4)))
