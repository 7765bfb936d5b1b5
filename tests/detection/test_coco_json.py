import json
import re

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


def look_up_frame(detector, path, frame):
    (found,) = detector.detect([Picture(BLANK, path, frame)])
    return found.boxes.tolist()


def test_frames_are_found_by_the_names_of_their_results(detector_of):
    film = 'my_film.mp4'
    entries = [
        dict(file_name=f'in/{film}_000012', bbox=[1, 2, 3, 4]),
        dict(image_id=f'{film}_1234567', bbox=[0, 0, 5, 5]),
        dict(image_id='a.jpg', bbox=[0, 0, 7, 7]),
    ]
    detector = detector_of(entries)
    assert look_up_frame(detector, f'x/{film}', 12) == [[1, 2, 4, 6]]
    assert look_up_frame(detector, f'x/{film}', 1234567) == [[0, 0, 5, 5]]
    assert look_up_frame(detector, f'x/{film}', 13) == []
    # Nobody is found anywhere where a detector found nobody.
    assert look_up_frame(detector, 'x/other.mp4', 12) == []
    assert look_up_frame(detector_of([]), film, 0) == []


@pytest.mark.parametrize(
    'name', ['film.mp4', 'film.mp4_3', 'film.mp4_000003.jpg']
)
def test_frames_are_not_found_by_other_names(detector_of, name):
    detector = detector_of([dict(file_name=name, bbox=[1, 2, 3, 4])])
    message = f"boxes.json names no frame of it, but '{name}', say: call this"
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        look_up_frame(detector, 'x/film.mp4', 3)
    assert str(caught.value).startswith('x/film.mp4: ')
    assert str(caught.value).endswith("this frame 'film.mp4_000003'")


def test_annotations_have_to_know_every_frame(detector_of):
    box = dict(bbox=[1, 2, 3, 4])
    images = [dict(id=1, file_name='film.mp4_000003')]
    person = box | dict(image_id=1)
    detector = detector_of(dict(images=images, annotations=[person]))
    assert look_up_frame(detector, 'film.mp4', 3) == [[1, 2, 4, 6]]
    with pytest.raises(ValueError, match=r'knows no .*film\.mp4_000004'):
        look_up_frame(detector, 'film.mp4', 4)


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
