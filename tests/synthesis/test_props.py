import numpy as np
import pytest

from mmbopr.synthesis.props import (
    make_prop,
    prop_colours,
    sample_occluder,
    surface_points,
)


def _volume(prop):
    a, b, c = prop.vertices[prop.faces].transpose(1, 0, 2)
    return (np.cross(a, b) * c).sum() / 6


@pytest.mark.parametrize(
    'shape, share, tolerance',
    [('box', 1, 1e-9), ('post', np.pi / 4, 0.02), ('ball', np.pi / 6, 0.06)],
)
def test_props_are_closed_and_face_outwards(shape, share, tolerance):
    rng = np.random.default_rng(0)
    prop = make_prop(rng, shape, (0.5, 0.8, 0.4), (1.0, -3.0), 0.7)
    expected = share * 0.5 * 0.8 * 0.4
    assert _volume(prop) == pytest.approx(expected, rel=tolerance)
    assert prop.vertices[:, 1].min() == pytest.approx(0, abs=1e-12)
    middle = (prop.vertices.min(0) + prop.vertices.max(0)) / 2
    np.testing.assert_allclose(middle, [1.0, 0.4, -3.0], atol=1e-9)


def test_surface_points_lie_on_the_box():
    rng = np.random.default_rng(0)
    prop = make_prop(rng, 'box', (2.0, 2.0, 2.0), (0.0, 0.0))
    offset = np.abs(surface_points(prop) - [0, 1, 0]).max(1)
    np.testing.assert_allclose(offset, 1.0)


def test_colours_depend_on_the_prop_alone():
    prop = sample_occluder(np.random.default_rng(4), (0.0, -2.0))
    first = prop_colours(prop, prop.texture)
    np.testing.assert_array_equal(first, prop_colours(prop, prop.texture))
    assert first.shape == prop.texture.shape
    assert 0 < first.mean() < 255
