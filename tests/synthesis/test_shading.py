import numpy as np

from mmbopr.synthesis.shading import Lighting, shade, shadow_mask

NOON = Lighting(np.float32([0, 1, 0]), 0.4, np.ones(3, np.float32))


def test_surfaces_towards_the_light_are_brighter(level_view):
    grey = np.full((3, 3), 100, np.float32)
    normals = np.float32([[0, 2, 1], [0, 0, 1], [0, -2, 1]])
    light = shade(grey, normals, NOON, level_view)[:, 0]
    assert light[0] > light[1] > light[2] > 0


def test_shadow_lies_below_what_throws_it(level_view):
    stack = np.random.default_rng(0).uniform(-1, 1, (4000, 3))
    cloud = stack * [0.3, 0.1, 0.3] + [0.5, 0.1, -4]
    lit = shadow_mask([cloud], NOON, level_view)
    assert lit.shape == (200, 240)
    column, row = level_view.project(
        level_view.to_camera(np.array([0.5, 0, -4]))
    ).astype(int)
    assert lit[row, column] < 0.6
    assert lit[row, 30] == 1 and lit[:90].min() > 0.99
