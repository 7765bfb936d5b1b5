import json

import numpy as np
import pytest

from mmbopr.detection import CocoJsonDetector
from mmbopr.structures.picture import Picture

BLANK = np.zeros((9, 9, 3), np.uint8)


@pytest.fixture
def detector_of(tmp_path):
    def build(content, **options):
        path = tmp_path / 'boxes.json'
        path.write_text(json.dumps(content))
        return CocoJsonDetector(path, **options)

    return build


def look_up(detector, path):
    (found,) = detector.detect([Picture(BLANK, path)])
    return found


def test_results_are_found_by_the_name_of_the_picture(detector_of):
    detector = detector_of(
        [
            dict(image_id='in/a.jpg', bbox=[1, 2, 3, 4], score=0.9),
            dict(file_name='a.jpg', bbox=[0, 0, 5, 5], score=0.1),
            dict(file_name='b.jpg', bbox=[0, 0, 5, 5], score=0.8,
                 category_id=2),
        ],
        score_thr=0.5,
    )  # fmt: skip
    found = look_up(detector, 'elsewhere/a.jpg')
    assert found.boxes.tolist() == [[1, 2, 4, 6]]
    np.testing.assert_allclose(found.scores, [0.9])
    assert found.keypoints is None
    assert len(look_up(detector, 'b.jpg')) == 0
    # A list of results does not name pictures without anybody.
    assert len(look_up(detector, 'c.jpg')) == 0


def test_annotations_bring_key_points(detector_of):
    points = np.zeros((17, 3))
    points[5] = [4, 5, 2]
    person = dict(image_id=7, category_id=1, bbox=[1, 2, 3, 4])
    detector = detector_of(
        dict(
            images=[
                dict(id=7, file_name='x/a.jpg'),
                dict(id=8, file_name='empty.jpg'),
            ],
            annotations=[
                person | dict(keypoints=points.ravel().tolist()),
                person,
                person | dict(iscrowd=1),
            ],
        )
    )
    found = look_up(detector, 'a.jpg')
    assert found.scores.tolist() == [1, 1]
    assert found.keypoints[0, 5].tolist() == [4, 5, 1]
    assert not found.keypoints[1].any()
    assert len(look_up(detector, 'empty.jpg')) == 0
    with pytest.raises(ValueError, match=r"boxes\.json knows no .*'c\.jpg'"):
        look_up(detector, 'c.jpg')


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (dict(boxes=[]), r"found keys \['boxes'\]"),
        ([dict(image_id=3, bbox=[1, 2, 3, 4])], 'entry 0 must have the name'),
        ([dict(image_id='a', bbox=[1, 2, 0, 4])], 'positive width'),
        ([dict(image_id='a')], 'entry 0'),
    ],
)
def test_another_file_is_refused(detector_of, content, message):
    with pytest.raises(ValueError, match=message):
        detector_of(content)


def test_a_torn_file_is_named(tmp_path):
    (tmp_path / 'torn.json').write_text('[{"image_id"')
    with pytest.raises(ValueError, match=r'torn\.json: no JSON'):
        CocoJsonDetector(tmp_path / 'torn.json')
