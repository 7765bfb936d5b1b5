import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmbopr.visualization.views import (
    render_side_view,
    render_top_view,
    rotate_about_vertical,
)


def test_side_view_turns_depth_to_the_right():
    points = torch.tensor(
        [[[0.0, -1, 0], [0, 1, 0], [0.2, 0, 3], [-0.2, 0, 1]]]
    )
    turned = rotate_about_vertical(points, 90.0)[0]
    # Depth becomes x; what was right comes nearer.
    depth = points[0, :, 2] - 1.5
    torch.testing.assert_close(turned[:, 0], depth)
    torch.testing.assert_close(turned[:, 1], points[0, :, 1])
    torch.testing.assert_close(turned[:, 2], -points[0, :, 0])


@given(st.floats(-360, 360), st.floats(-360, 360))
@settings(max_examples=20, deadline=None)
def test_turns_add_up(first, second):
    # A ball of points keeps its bounding box's middle.
    points = torch.eye(3).repeat(2, 1)[None]
    points[0, 3:] *= -1
    once = rotate_about_vertical(points, first + second)
    twice = rotate_about_vertical(points, first)
    # Corners of the box do not turn with it, its middle does.
    torch.testing.assert_close(
        rotate_about_vertical(twice, second), once, atol=1e-5, rtol=0
    )


def test_side_view_shows_a_tall_body_filling_the_picture():
    # A box 2 m high, 0.2 m wide, 1 m deep: from the side 1 m wide.
    x, y, z = 0.1, 1.0, 0.5
    corners = torch.tensor(
        [[i, j, k] for i in (-x, x) for j in (-y, y) for k in (-z, z)]
    )
    right = torch.tensor([[4, 7, 5], [4, 6, 7]])  # the side at +x
    picture = render_side_view(corners, right, size=100)
    rows, columns = (picture < 255).any(-1).nonzero()
    assert np.ptp(rows) + 1 == pytest.approx(90, abs=2)
    assert np.ptp(columns) + 1 == pytest.approx(45, abs=2)
    assert (picture[0] == 255).all()


def test_top_view_is_a_map():
    # A wide plate near, seen from above, and a narrow one far and below.
    near = torch.tensor([[-1, 0, 1], [1, 0, 1], [1, 0, 2], [-1, 0, 2.0]])
    far = torch.tensor([[0, 1, 4], [1, 1, 4], [1, 1, 5], [0, 1, 5.0]])
    faces = torch.tensor([[0, 1, 2], [0, 2, 3]])
    colors = torch.tensor([[200.0, 0, 0], [0, 0, 200.0]])
    people = torch.stack([near, far])
    picture = render_top_view(people, faces, 120, colors).astype(int)
    red = np.nonzero(picture[..., 0] > picture[..., 2] + 50)
    blue = np.nonzero(picture[..., 2] > picture[..., 0] + 50)
    # Far is up, right stays right; 2 m wide against 1 m.
    assert blue[0].max() < red[0].min()
    assert abs(blue[1].max() - red[1].max()) <= 6
    assert np.ptp(red[1]) / np.ptp(blue[1]) > 1.8
    assert (picture[0] == 255).all()


def test_nobody_gives_a_white_picture():
    nobody, faces = torch.zeros(0, 4, 3), torch.tensor([[0, 1, 2]])
    for render in (render_side_view, render_top_view):
        assert (render(nobody, faces, size=9) == 255).all()
