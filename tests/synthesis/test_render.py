import numpy as np
import torch

from mmbopr.synthesis.props import make_prop
from mmbopr.synthesis.render import (
    compose,
    render_layer,
    visible_surface,
)


def _layer(view, size, position, margin=0.0):
    prop = make_prop(np.random.default_rng(0), 'box', size, position)
    faces = torch.from_numpy(prop.faces)
    return prop, render_layer(
        view.to_camera(prop.vertices), faces, view, margin
    )


def test_silhouette_of_a_box_by_hand(level_view):
    # Its front side is 1 m wide and 2 m high, 4 m ahead: 50 x 100 px; the
    # camera at mid height sees no other side.
    _, layer = _layer(level_view, (1.0, 2.0, 1.0), (0.0, -4.5))
    assert layer.silhouette_area == 50 * 100
    np.testing.assert_allclose(
        layer.fragments.depth[layer.fragments.face_index >= 0], 4, rtol=1e-5
    )


def test_silhouette_outside_the_image_needs_a_margin(level_view):
    # The box reaches 25 px beyond the left border at column 0.
    position = (-120 / 50, -4.5)
    _, inside = _layer(level_view, (1.0, 2.0, 1.0), position)
    _, whole = _layer(level_view, (1.0, 2.0, 1.0), position, margin=1.0)
    buffer = compose([whole], level_view.size)
    assert (buffer.owner == 0).sum() == inside.silhouette_area
    assert whole.silhouette_area > 1.5 * inside.silhouette_area


def test_nearer_layer_wins_in_any_order(level_view):
    _, near = _layer(level_view, (0.5, 1.0, 0.2), (0.0, -2.1))
    _, far = _layer(level_view, (2.0, 2.0, 0.2), (0.0, -5.1))
    for layers, index in (([near, far], 0), ([far, near], 1)):
        buffer = compose(layers, level_view.size)
        assert (buffer.owner == index).sum() == near.silhouette_area
        assert buffer.owner[150, 120] == index
        np.testing.assert_allclose(buffer.depth[150, 120], 2.0, rtol=1e-5)
        np.testing.assert_allclose(buffer.depth[70, 120], 5.0, rtol=1e-5)
    assert buffer.owner[5, 5] == -1 and np.isinf(buffer.depth[5, 5])


def test_visible_surface_interpolates_in_space(level_view):
    prop, layer = _layer(level_view, (1.0, 2.0, 1.0), (0.2, -4.5))
    buffer = compose([layer], level_view.size)
    world = torch.from_numpy(prop.vertices).float()
    (rows, columns), points, nearest = visible_surface(layer, 0, buffer, world)
    pixels = level_view.project(level_view.to_camera(points))
    np.testing.assert_allclose(pixels[:, 0], columns + 0.5, atol=1e-2)
    np.testing.assert_allclose(pixels[:, 1], rows + 0.5, atol=1e-2)
    gap = np.linalg.norm(prop.vertices[nearest] - points, axis=1)
    assert gap.max() < np.hypot(1.0, 2.0)
