import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmpose.structures.bbox import get_warp_matrix

from mmbopr.datasets.transforms.crop import (
    crop_matrix,
    warp_crop,
    warp_points,
    zoom_of,
)
from mmbopr.testing.dots import draw_dots, find_dot


@pytest.mark.parametrize('rotation', [0, 30, -75, 180])
def test_matrix_equals_mmpose(rotation):
    centre, scale = np.array([310.0, 200.0]), np.array([200.0, 200.0])
    np.testing.assert_allclose(
        crop_matrix(centre, scale, rotation, False, (224, 224)),
        get_warp_matrix(centre, scale, rotation, (224, 224)),
        atol=1e-3,
    )


def test_matrix_worked_by_hand():
    # Box of 448 px: zoom 0.5. Turned by 90 degrees clockwise, its right
    # hand side points down in the image, and right in the crop.
    matrix = crop_matrix([100, 50], np.full(2, 448), 90, False, (224, 224))
    points = np.array([[100.0, 50.0], [100.0, 150.0], [300.0, 50.0]])
    expected = [[112, 112], [162, 112], [112, 12]]
    np.testing.assert_allclose(warp_points(points, matrix), expected)
    # Mirrored first: right becomes left, and down stays down.
    matrix = crop_matrix([100, 50], np.full(2, 448), 90, True, (224, 224))
    expected = [[112, 112], [162, 112], [112, 212]]
    np.testing.assert_allclose(warp_points(points, matrix), expected)
    assert zoom_of(matrix) == pytest.approx(0.5)


def test_whole_box_is_shown_in_any_aspect():
    matrix = crop_matrix([50, 50], np.array([40, 80]), 0, False, (192, 256))
    box = warp_points(np.array([[30.0, 10.0], [70.0, 90.0]]), matrix)
    np.testing.assert_allclose(box, [[32, 0], [160, 256]])


def test_identity_and_mirror_are_exact():
    rng = np.random.default_rng(0)
    img = rng.integers(0, 256, (60, 80, 3), np.uint8)
    centre, scale = np.array([40, 30]), np.array([80, 60])
    for flip, expected in [(False, img), (True, img[:, ::-1])]:
        matrix = crop_matrix(centre, scale, 0, flip, (80, 60))
        np.testing.assert_array_equal(
            warp_crop(img, matrix, (80, 60)), expected
        )


@pytest.mark.parametrize('side', [448, 672, 1120])
def test_shrinking_averages_blocks(side):
    rng = np.random.default_rng(0)
    img = rng.integers(0, 256, (side + 57, side + 91, 3), np.uint8)
    matrix = crop_matrix(
        np.array([side / 2, side / 2]), np.full(2, side), 0, False, (224, 224)
    )
    block = side // 224
    blocks = img[:side, :side].reshape(224, block, 224, block, 3)
    np.testing.assert_allclose(
        warp_crop(img, matrix, (224, 224)), blocks.mean((1, 3)), atol=0.51
    )


def test_fine_stripes_turn_grey_when_shrunk():
    img = np.zeros((900, 900, 3), np.uint8)
    img[:, ::2] = 255
    matrix = crop_matrix([450, 450], np.full(2, 600), 20, False, (224, 224))
    crop = warp_crop(img, matrix, (224, 224))
    assert abs(crop.astype(float) - 127.5).max() < 45
    naive = cv2.warpAffine(img, matrix, (224, 224))
    assert abs(naive.astype(float) - 127.5).max() > 120


def test_black_outside_the_image():
    img = np.full((100, 100, 3), 200, np.uint8)
    for side in (112, 224, 1000):
        centre = np.array([-side, 50.0])
        matrix = crop_matrix(centre, np.full(2, side), 0, False, (224, 224))
        assert not warp_crop(img, matrix, (224, 224)).any()
        matrix = crop_matrix([0, 50], np.full(2, side), 0, False, (224, 224))
        crop = warp_crop(img, matrix, (224, 224))
        assert not crop[:, :110].any()
        assert crop[112, 114:116].all()


@settings(max_examples=60, deadline=None)
@given(
    centre=st.tuples(st.floats(200, 500), st.floats(200, 400)),
    side=st.floats(150, 1300),
    rotation=st.floats(-180, 180),
    flip=st.booleans(),
)
def test_picture_goes_where_points_go(centre, side, rotation, flip):
    sigma = max(4.0, 1.3 * side / 224)
    point = np.array([[350.3, 300.8]])
    img = draw_dots(point, np.full((1, 3), 250), (700, 600), sigma)
    matrix = crop_matrix(centre, np.full(2, side), rotation, flip, (224, 224))
    expected = warp_points(point, matrix)[0]
    radius = 5 * sigma * zoom_of(matrix) + 2
    if (expected - radius < 0).any() or (expected + radius > 224).any():
        return
    crop = warp_crop(img, matrix, (224, 224))
    found, _ = find_dot(crop, expected, radius)
    assert np.abs(found - expected).max() < 0.05
