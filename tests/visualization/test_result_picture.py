import numpy as np
import pytest
import torch

from mmbopr.testing.results import make_result
from mmbopr.visualization import (
    AttentionMaps,
    draw_boxes,
    draw_overlay,
    draw_result,
    draw_side_view,
    draw_top_view,
)

IMAGE = np.full((480, 640, 3), 90, np.uint8)


def test_panels_stand_side_by_side(body):
    result = make_result(2, seed=4)
    picture = draw_result(
        IMAGE, result, body, ['image', 'mesh+boxes', 'side', 'top']
    )
    assert picture.shape == (480, 640 + 640 + 240, 3)
    np.testing.assert_array_equal(picture[:, :640], IMAGE)
    overlay = draw_boxes(draw_overlay(IMAGE, result, body), result)
    np.testing.assert_array_equal(picture[:, 640:1280], overlay)
    side = draw_side_view(result, body, 240)
    np.testing.assert_array_equal(picture[:240, 1280:], side)
    top = draw_top_view(result, body, 240)
    np.testing.assert_array_equal(picture[240:, 1280:], top)


def test_attention_is_a_layer(body):
    result = make_result(1, seed=4)
    attention = AttentionMaps(
        torch.tensor([[320.0, 240, 400, 400]]), torch.rand(1, 24, 8, 8)
    )
    picture = draw_result(IMAGE, result, body, ['part_attention'], attention)
    assert np.ptp(picture[240, 320].astype(int)) > 0
    assert (picture[5, 5] == 90).all()
    with pytest.raises(ValueError, match=r'photo.jpg.* no body attention'):
        draw_result(IMAGE, result, body, ['body_attention'], attention)


def test_a_tiny_image_gets_views_that_show_something(body):
    result = make_result(1, img_shape=(1, 1))
    dot = np.zeros((1, 1, 3), np.uint8)
    picture = draw_result(dot, result, body, ['mesh', 'side'])
    assert picture.shape == (160, 161, 3)
    assert (picture[1:, 0] == 255).all()


@pytest.mark.parametrize(
    'panels, message',
    [
        (['mesh', 'mush'], "'mush' is not known.*skeleton.*side"),
        (['mesh+top'], "'top' is not known"),
        ([], 'no panel'),
    ],
)
def test_unknown_panels_are_named(body, panels, message):
    with pytest.raises(ValueError, match=message):
        draw_result(IMAGE, make_result(), body, panels)
