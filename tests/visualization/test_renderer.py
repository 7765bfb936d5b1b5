import numpy as np
import pytest
import torch

from mmbopr.visualization.renderer import render_meshes

K = torch.tensor([100.0, 100.0, 32.0, 24.0])
# Counter-clockwise seen from the camera (y down): towards -z.
SQUARE_FACES = torch.tensor([[0, 3, 2], [0, 2, 1]])
RED, GREEN = (200.0, 0.0, 0.0), (0.0, 200.0, 0.0)


def square(low, high, z):
    """(1, 4, 3) facing the camera, covering pixels [low, high) of ``K``."""
    (x0, y0), (x1, y1) = low, high
    corners = torch.tensor([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    xy = (corners - K[2:]) / K[:2] * z
    return torch.cat([xy, torch.full((4, 1), z)], 1)[None]


def black():
    return np.zeros((48, 64, 3), np.uint8)


def test_square_covers_its_pixels_and_no_other():
    picture = render_meshes(
        black(), square((10.0, 8.0), (30.0, 20.0), 2.0), SQUARE_FACES, K,
        torch.tensor([RED]), alpha=1.0,
    )  # fmt: skip
    lit = picture[..., 0] > 0
    expected = np.zeros_like(lit)
    expected[8:20, 10:30] = True
    np.testing.assert_array_equal(lit, expected)
    # The red surface is lit by white lights: red, brighter than its gloss.
    assert (picture[lit][:, 0] > 100).all()
    assert (picture[lit][:, 1:] < 60).all()


def test_edge_through_a_pixel_is_half_covered():
    options = dict(colors=torch.tensor([[100.0] * 3]), alpha=1.0)
    whole, half = (
        render_meshes(
            black(), square((10.0, 8.0), (right, 20.0), 2.0), SQUARE_FACES, K,
            **options,
        )[14, 29, 0].astype(float)
        for right in (30.0, 29.5)
    )  # fmt: skip
    assert half == pytest.approx(whole / 2, abs=2)


def test_alpha_blends_with_the_image():
    mesh = square((10.0, 8.0), (30.0, 20.0), 2.0)
    white = np.full((48, 64, 3), 255, np.uint8)
    dark = torch.zeros(1, 3)
    opaque = render_meshes(white, mesh, SQUARE_FACES, K, dark, alpha=1.0)
    faint = render_meshes(white, mesh, SQUARE_FACES, K, dark, alpha=0.25)
    expected = 0.75 * 255 + 0.25 * opaque[14, 20]
    np.testing.assert_allclose(faint[14, 20], expected, atol=1)
    assert (white == 255).all()  # the input is left alone


@pytest.mark.parametrize('first_is_near', [True, False])
def test_nearer_person_hides_the_other(first_is_near):
    near = square((10.0, 8.0), (30.0, 20.0), 2.0)
    far = square((20.0, 8.0), (40.0, 20.0), 3.0)
    people = [(near, RED), (far, GREEN)]
    if not first_is_near:
        people.reverse()
    picture = render_meshes(
        black(),
        torch.cat([mesh for mesh, _ in people]),
        SQUARE_FACES,
        K,
        torch.tensor([color for _, color in people]),
    )
    assert picture[14, 25].argmax() == 0  # in both: the near, red one
    assert picture[14, 35].argmax() == 1


def test_vertex_colors_are_interpolated():
    mesh = square((0.0, 8.0), (64.0, 20.0), 2.0)
    colors = torch.zeros(1, 4, 3)
    colors[0, [1, 2], 2] = 200.0  # blue on the right
    blue = render_meshes(black(), mesh, SQUARE_FACES, K, colors)[14, :, 2]
    assert (np.diff(blue.astype(int)) >= 0).all()
    assert blue[-1] > 90 + blue[0]


@pytest.mark.parametrize('z', [-2.0, 2.0])
def test_people_out_of_view_change_nothing(z):
    mesh = square((200.0, 8.0), (230.0, 20.0), z)
    picture = render_meshes(black(), mesh, SQUARE_FACES, K)
    np.testing.assert_array_equal(picture, black())


def test_person_through_the_camera_is_drawn():
    floor = torch.tensor(
        [[[-1, 0.3, -1], [-1, 0.3, 9], [1, 0.3, 9], [1, 0.3, -1.0]]]
    )
    picture = render_meshes(black(), floor, SQUARE_FACES, K)
    assert picture[47, 32].any() and not picture[20, 32].any()


def test_nobody_changes_nothing():
    picture = render_meshes(black(), torch.zeros(0, 4, 3), SQUARE_FACES, K)
    np.testing.assert_array_equal(picture, black())


@pytest.mark.parametrize(
    'change, message',
    [
        (dict(image=np.zeros((4, 4), np.uint8)), 'image must be'),
        (dict(image=np.zeros((4, 4, 3))), 'float64'),
        (dict(vertices=torch.zeros(4, 3)), 'leading dimension'),
        (dict(K=torch.zeros(1, 4)), 'one row'),
    ],
)
def test_bad_input_is_named(change, message):
    arguments = dict(
        image=black(), vertices=torch.ones(1, 4, 3), faces=SQUARE_FACES, K=K
    )
    with pytest.raises(ValueError, match=message):
        render_meshes(**(arguments | change))
