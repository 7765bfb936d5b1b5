import json

import pytest

from mmbopr.detection.coco_entries import read_coco_entries


@pytest.fixture
def read(tmp_path):
    """Function from the content of a file to what is read of it."""

    def read(content):
        path = tmp_path / 'boxes.json'
        path.write_text(json.dumps(content))
        return read_coco_entries(path)

    return read


def test_results_name_their_pictures(read):
    entries = [
        dict(file_name='in/a.jpg', image_id=7, bbox=[1, 2, 0, 4], score=0.1),
        dict(image_id='a.jpg', bbox=[1, 2, 3, 4]),
        dict(image_id='b.jpg', bbox=[0, 0, 1, 1]),
    ]
    people, all_pictures = read(entries)
    assert people == {'a.jpg': entries[:2], 'b.jpg': entries[2:]}
    assert not all_pictures


def test_annotations_name_pictures_without_anybody(read):
    entry = dict(image_id=2, bbox=[1, 2, 3, 4])
    images = [dict(id=1, file_name='x/a.jpg'), dict(id=2, file_name='b.jpg')]
    people, all_pictures = read(dict(images=images, annotations=[entry]))
    assert people == {'a.jpg': [], 'b.jpg': [entry]}
    assert all_pictures


@pytest.mark.parametrize(
    'entry',
    [dict(bbox=[1, 2, 3, 4]), dict(image_id='a.jpg', bbox=[1, 2, 3]),
     dict(image_id='a.jpg'), dict(image_id=7, bbox=[1, 2, 3, 4])],
)  # fmt: skip
def test_what_lacks_name_or_box_is_refused(read, entry):
    good = dict(image_id='a.jpg', bbox=[1, 2, 3, 4])
    with pytest.raises(ValueError, match=r'boxes\.json: entry 1 must have'):
        read([good, entry])
