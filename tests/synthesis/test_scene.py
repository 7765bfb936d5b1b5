import numpy as np
import pytest

from mmbopr.synthesis.people import draw_people
from mmbopr.synthesis.picture import render_scene
from mmbopr.synthesis.scene import sample_scene


@pytest.fixture(scope='module', params=['everyday', 'extreme'])
def scenes(body, request):
    rngs = [np.random.default_rng(seed) for seed in range(60)]
    people = draw_people(body, rngs[20:], request.param)
    crowds = [people[2 * i : 2 * i + 2] for i in range(20)]
    return [
        sample_scene(rng, crowd)
        for rng, crowd in zip(rngs, crowds, strict=False)
    ]


def test_everybody_stands_on_the_ground(scenes):
    for scene in scenes:
        assert scene.people
        for placed in scene.people:
            assert placed.vertices[:, 1].min() == pytest.approx(0, abs=0.02)


def test_everything_is_before_the_camera(scenes):
    for scene in scenes:
        for thing in scene.people + scene.props:
            depth = scene.viewpoint.to_camera(thing.vertices)[:, 2]
            assert depth.min() > 0.1


def test_nobody_stands_in_anybody(scenes):
    pairs = [s.people for s in scenes if len(s.people) == 2]
    assert len(pairs) > 10
    for a, b in pairs:
        gap = np.linalg.norm((a.position - b.position)[[0, 2]])
        assert gap > 0.75 * (a.radius + b.radius)


def test_who_sits_has_a_seat(scenes):
    for scene in scenes:
        seated = [p for p in scene.people if p.person.sample.seated]
        for placed, seat in zip(seated, scene.props, strict=False):
            top = seat.vertices[:, 1].max()
            assert 0.05 < placed.position[1] - top < 0.35
            middle = seat.vertices.mean(0)
            assert np.abs((middle - placed.position)[[0, 2]]).max() < 0.1


def test_picture_shows_the_people_where_they_are(scenes, rest):
    scene = scenes[0]
    picture = render_scene(np.random.default_rng(0), scene, rest)
    width, height = scene.viewpoint.size
    assert picture.image.shape == (height, width, 3)
    assert picture.image.dtype == np.uint8
    assert len(picture.layers) == len(scene.people) + len(scene.props)
    placed = scene.people[0]
    seen = np.argwhere(picture.buffer.owner == 0)[:, ::-1] + 0.5
    pixels = scene.viewpoint.project(
        scene.viewpoint.to_camera(placed.vertices)
    )
    # Cloth and hair stand out by a few centimetres at most.
    depth = scene.viewpoint.to_camera(placed.vertices)[:, 2].min()
    slack = 1 + 0.03 * scene.viewpoint.K[0] / depth
    assert (seen.min(0) >= pixels.min(0) - slack).all()
    assert (seen.max(0) <= pixels.max(0) + slack).all()
