import numpy as np
import pytest

from mmbopr.detection import BOX_MARGIN, Detections, HOGDetector
from mmbopr.synthesis.records import BBOX_FACTOR


def test_crops_are_squares_around_the_boxes():
    boxes = np.float32([[10, 20, 30, 60], [0, 0, 100, 50]])
    found = Detections(boxes, np.ones(2))
    crops = found.crop_boxes(1.5)
    np.testing.assert_allclose(
        crops, [[20 - 30, 40 - 30, 60, 60], [50 - 75, 25 - 75, 150, 150]]
    )
    assert len(found) == 2


def test_crops_are_cut_as_those_of_training():
    assert BOX_MARGIN == BBOX_FACTOR


def test_a_margin_is_positive():
    with pytest.raises(ValueError, match='margin must be positive, found 0'):
        HOGDetector(margin=0)
