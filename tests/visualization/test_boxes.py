import cv2
import numpy as np
import pytest

from mmbopr.testing.results import make_result
from mmbopr.visualization import draw_boxes, track_colors

IMAGE = np.full((480, 640, 3), 90, np.uint8)


def test_box_has_the_color_of_its_person():
    result = make_result(
        2,
        bbox=[[100, 100, 200, 300], [300.4, 120, 420, 330]],
        track_id=[3, 4],
    )
    picture = draw_boxes(IMAGE, result)
    first, second = track_colors([3, 4]).astype(int)
    assert (picture[250, 100] == first).all()
    assert (picture[250, 199] == first).all()
    assert (picture[329, 350] == second).all()
    assert (picture[250, 150] == 90).all()  # inside
    label = picture[80:99, 101:130]
    assert (label == first).all(-1).any() and (label.max(-1) < 60).any()


@pytest.mark.parametrize(
    'box', [[0, 0, 40, 50], [600, 0, 640, 90], [-50, -60, 700, 600]]
)
def test_labels_stay_in_the_image(monkeypatch, box):
    corners = []
    monkeypatch.setattr(
        cv2, 'putText', lambda img, text, origin, *args: corners.append(origin)
    )
    draw_boxes(IMAGE, make_result(1, bbox=[box]))
    ((x, y),) = corners
    assert 0 <= x <= 640 - 60 and 8 <= y < 480


@pytest.mark.parametrize(
    'track_id, name', [(None, 'No. 1  0.25'), ([7, 8], '#8  0.25')]
)
def test_names_and_scores(monkeypatch, track_id, name):
    texts = []
    monkeypatch.setattr(
        cv2, 'putText', lambda img, text, *args: texts.append(text)
    )
    draw_boxes(IMAGE, make_result(2, track_id=track_id, bbox_score=[1, 0.25]))
    assert name in texts
