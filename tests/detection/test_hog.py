"""A drawn person stands where the classifier expects them."""

import cv2
import numpy as np
import pytest

from mmbopr.detection import HOGDetector
from mmbopr.structures.picture import Picture


def detect(img, **options):
    (found,) = HOGDetector(**options).detect([Picture(img, 'p.jpg')])
    return found


def best_of(found):
    return found.boxes[found.scores.argmax()]


def overlap(a, b):
    a, b = np.array(a), np.array(b)
    shared = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both = shared.clip(0).prod()
    return both / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - both)


@pytest.fixture(scope='module')
def pedestrian():
    """What the classifier likes best: its weights, drawn as gradients."""
    weights = cv2.HOGDescriptor_getDefaultPeopleDetector()[:-1]
    cells = weights.reshape(7, 15, 2, 2, 9).mean((2, 3)).transpose(1, 0, 2)
    img = np.full((480, 360), 128, np.float32)
    for y, x in np.ndindex(15, 7):
        for bin_, weight in enumerate(cells[y, x]):
            if weight > 0:
                centre = (158 + 8 * x, 208 + 8 * y)
                _add_edge(img, centre, bin_, weight)
    return cv2.cvtColor(img.clip(0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)


def _add_edge(img, centre, bin_, weight):
    angle = np.deg2rad(10 + 20 * bin_)
    y, x = np.mgrid[-8:8, -8:8] + 0.5
    across = x * np.cos(angle) + y * np.sin(angle)
    window = np.exp(-(x**2 + y**2) / 20)
    left, top = centre[0] - 8, centre[1] - 8
    img[top : top + 16, left : left + 16] += (
        3000 * weight * np.sin(across) * window
    )


def test_a_pedestrian_is_found_once_and_tightly(pedestrian):
    found = detect(pedestrian)
    # The window spans (150, 200) to (214, 328), the person three quarters.
    assert overlap(best_of(found), [158, 216, 206, 312]) > 0.7
    assert 0.6 <= found.scores.max() <= 1


def test_large_pictures_are_shrunk_and_boxes_are_not(pedestrian):
    large = cv2.resize(pedestrian, None, fx=2, fy=2)
    found = detect(large, max_size=480)
    assert overlap(best_of(found), [316, 432, 412, 624]) > 0.7


@pytest.mark.parametrize('size', [(1, 1), (100, 100), (20, 500), (128, 64)])
def test_pictures_smaller_than_its_window_do_not_crash(size):
    found = detect(np.zeros((*size, 3), np.uint8))
    assert found.boxes.shape == (0, 4) and found.scores.shape == (0,)
