import numpy as np
import pytest
import torch

from mmbopr.structures import SPIN_49
from mmbopr.visualization.colors import part_colors
from mmbopr.visualization.labels import (
    depth_colors,
    draw_keypoints,
    draw_part_map,
)

GREY = np.full((90, 80, 3), 100, np.uint8)


def keypoints(**places):
    """(49, 3), absent but for those named: x, y, confidence."""
    points = np.zeros((49, 3), np.float32)
    for name, point in places.items():
        points[SPIN_49.names.index(name)] = point
    return points


@pytest.mark.parametrize(
    ('name', 'color'),
    [
        ('gt_left_wrist', (255, 110, 70)),
        ('gt_right_wrist', (60, 170, 255)),
        ('gt_jaw_h36m', (250, 220, 80)),
    ],
)
def test_a_dot_lies_on_its_pixel_in_the_colour_of_its_side(name, color):
    drawn = draw_keypoints(GREY, keypoints(**{name: (20.5, 30.5, 1)}))
    assert drawn[30, 20].tolist() == list(color)
    rows, columns = np.nonzero((drawn != 100).any(-1))
    # OpenCV's anti-aliasing is not quite symmetric.
    assert abs(rows.mean() - 30) < 0.3 and abs(columns.mean() - 20) < 0.3
    assert len(rows) < 40
    assert (GREY == 100).all()


def test_the_less_confident_the_fainter_and_absent_ones_not_at_all():
    half = draw_keypoints(GREY, keypoints(gt_nose=(40.5, 40.5, 0.5)))
    expected = 100 + (np.array([250, 220, 80]) - 100) * 0.625
    np.testing.assert_allclose(half[40, 40], expected, atol=1)
    absent = draw_keypoints(GREY, keypoints(gt_nose=(40.5, 40.5, 0)))
    assert (absent == 100).all()


def test_rings_are_of_the_openpose_half_and_limbs_of_the_other():
    ring = draw_keypoints(GREY, keypoints(left_wrist=(40.5, 40.5, 1)))
    assert (ring[40, 40] == 100).all()
    np.testing.assert_allclose(ring[40, 44, 0], 230, atol=5)
    limb = draw_keypoints(
        GREY,
        keypoints(gt_left_knee=(40.5, 20.5, 1), gt_left_ankle=(40.5, 70.5, 1)),
    )
    np.testing.assert_allclose(limb[45, 40], [255, 110, 70], atol=25)
    one_end = draw_keypoints(GREY, keypoints(gt_left_knee=(40.5, 20.5, 1)))
    assert (one_end[45] == 100).all()


def test_part_map_colours_whole_cells():
    part_map = np.zeros((9, 8), int)
    part_map[2, 3] = 16  # part 15
    drawn = draw_part_map(GREY, part_map)
    expected = 0.15 * 100 + 0.85 * part_colors()[15]
    cell = drawn[20:30, 30:40].reshape(-1, 3)
    np.testing.assert_allclose(cell, np.tile(expected, (100, 1)), atol=1)
    assert (drawn != 100).any(-1).sum() == 100


def test_depth_colours_by_side_and_distance():
    depth = torch.zeros(24)
    depth[3], depth[5], depth[6] = 0.4, -0.2, -0.4
    colors = depth_colors(depth, torch.tensor([0, 3, 5, 6, 3]))
    assert colors[0].tolist() == [226, 226, 226]
    assert colors[1].tolist() == colors[4].tolist() == [215, 55, 40]
    assert colors[3].tolist() == [40, 90, 215]
    np.testing.assert_allclose(colors[2], (colors[0] + colors[3]) / 2)
    assert (depth_colors(torch.zeros(24), torch.arange(24)) == 226).all()
