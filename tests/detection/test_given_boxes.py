import numpy as np
import pytest

from mmbopr.detection import GivenBoxes
from mmbopr.structures.picture import Picture

BOXES = [[[1, 2, 3, 4]], [], [[5, 6, 7, 8], [0, 0, 9, 9]]]


def pictures(number):
    return [Picture(np.zeros((99, 99, 3), np.uint8), f'{i}.jpg') for i in
            range(number)]  # fmt: skip


def keypoints(xy):
    points = np.zeros((1, 17, 3))
    points[0, : len(xy)] = [[*point, 1] for point in xy]
    return points


def test_boxes_are_handed_out_in_order():
    detector = GivenBoxes(BOXES)
    first, second = detector.detect(pictures(2))
    (third,) = detector.detect(pictures(1))
    assert first.boxes.tolist() == BOXES[0] and first.scores.tolist() == [1]
    assert len(second) == 0 and second.boxes.shape == (0, 4)
    assert third.boxes.tolist() == BOXES[2]


def test_the_people_of_one_picture_need_no_list():
    (found,) = GivenBoxes(np.array(BOXES[2])).detect(pictures(1))
    assert found.boxes.tolist() == BOXES[2]


def test_key_points_with_a_confidence_span_the_box():
    given = keypoints([[30, 10], [20, 50], [25, 90]])
    given[0, 3] = [500, 500, 0]
    (found,) = GivenBoxes(keypoints=given).detect(pictures(1))
    assert found.boxes.tolist() == [[20, 10, 30, 90]]
    np.testing.assert_array_equal(found.keypoints, given)


@pytest.mark.parametrize(
    ('boxes', 'points', 'message'),
    [
        (None, None, 'found neither'),
        ([[[3, 2, 1, 4]]], None, r'picture 0: .*\[3.0, 2.0, 1.0, 4.0\]'),
        ([[[1, 2, 3]]], None, r'expected .* \(people, 4\), found shape'),
        ([[[1, 2, 3, np.nan]]], None, 'finite'),
        (None, [keypoints([[1, 2]])], 'at least two'),
        ([[[1, 2, 3, 4]] * 2], [keypoints([[1, 2], [3, 4]])], '2 boxes, but'),
        (BOXES, [keypoints([[1, 2], [3, 4]])], 'of 3 pictures, but .* of 1'),
    ],
)
def test_what_is_no_box_is_named(boxes, points, message):
    with pytest.raises(ValueError, match=message):
        GivenBoxes(boxes, points)


def test_every_picture_needs_an_entry():
    detector = GivenBoxes(BOXES)
    with pytest.raises(ValueError, match='3 pictures, but 2'):
        detector.check_number(2)
    with pytest.raises(ValueError, match=r'3\.jpg: found no boxes'):
        detector.detect(pictures(4))


@pytest.mark.parametrize(
    'box', [[40, 0, 50, 9], [0, 30, 9, 40], [-9, 0, 0, 9], [0, -9, 9, 0]]
)
def test_a_box_shows_something_of_its_picture(box):
    picture = Picture(np.zeros((30, 40, 3), np.uint8), 'a.jpg')
    inside = [39, 29, 60, 60]
    (found,) = GivenBoxes([[inside]]).detect([picture])
    assert found.boxes.tolist() == [inside]
    message = r'^a\.jpg: it has 40x30 px, but person 1 a box outside of it, \['
    with pytest.raises(ValueError, match=message):
        GivenBoxes([[inside, box]]).detect([picture])
