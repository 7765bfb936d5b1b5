import cv2
import numpy as np

from mmbopr.visualization.colors import part_colors, person_colors


def test_part_colors_can_be_told_apart():
    colors = part_colors()
    assert colors.shape == (24, 3)
    lab = cv2.cvtColor(colors[None] / 255, cv2.COLOR_RGB2LAB)[0]
    distance = np.linalg.norm(lab[:, None] - lab, axis=-1)
    # About 2.3 is the least difference that people see.
    assert distance[~np.eye(24, dtype=bool)].min() > 10


def test_people_get_different_colors_in_turn():
    colors = person_colors(8)
    assert len(np.unique(colors[:6], axis=0)) == 6
    np.testing.assert_array_equal(colors[6:], colors[:2])
    assert person_colors(0).shape == (0, 3)
