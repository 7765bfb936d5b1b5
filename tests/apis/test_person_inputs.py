import cv2
import numpy as np
import pytest
import torch
from mmengine.dataset import Compose
from mmengine.registry import init_default_scope

from mmbopr.apis import find_pictures, load_person
from mmbopr.testing.dots import draw_dots, find_dot

# Two dots in a picture of 80 x 60.
POINTS = np.array([[20.5, 15.5], [60.5, 40.5]])
COLOURS = np.array([[250.0, 0, 0], [0, 0, 250.0]])


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / 'dots.png'
    cv2.imwrite(str(path), draw_dots(POINTS, COLOURS, (80, 60), 2.0))
    return path


@pytest.fixture
def pipeline():
    init_default_scope('mmbopr')
    return Compose(
        [
            dict(type='LoadMeshImage'),
            dict(type='MeshTopdownAffine', input_size=(40, 40)),
            dict(type='PackMeshInputs'),
        ]
    )


def assert_dots(data, expected):
    crop = data['inputs'].permute(1, 2, 0).numpy()
    for point in np.array(expected):
        found, _ = find_dot(crop, point, 4)
        np.testing.assert_allclose(found, point, atol=0.1)


def test_without_a_box_the_whole_picture_is_shown(pipeline, picture):
    data = load_person(pipeline, picture)
    # 80 px of the picture are 40 px of the crop, which is padded vertically.
    assert_dots(data, POINTS / 2 + [0, 5])
    sample = data['data_samples']
    assert sample.bbox_center.tolist() == [40, 30]
    assert sample.bbox_scale.tolist() == [80, 80]
    assert tuple(sample.ori_shape) == (60, 80) and sample.K is None
    assert sample.img_path == str(picture)


def test_the_crop_shows_the_square_around_the_box(pipeline, picture):
    data = load_person(pipeline, picture, [50, 20, 20, 40])
    assert_dots(data, [[20.5, 20.5]])  # 60.5 - 40, 40.5 - 20
    assert data['inputs'].shape == torch.Size([3, 40, 40])


def test_bad_input_is_named(pipeline, tmp_path, picture):
    text = tmp_path / 'notes.png'
    text.write_text('no picture')
    with pytest.raises(OSError, match=r'notes\.png'):
        load_person(pipeline, text)
    with pytest.raises(ValueError, match=r'dots\.png.*\(3, 4, 0, 5\)'):
        load_person(pipeline, picture, [3, 4, 0, 5])


def test_a_folder_stands_for_its_pictures_by_name(tmp_path):
    for name in ('b.jpg', 'a.PNG', 'notes.txt', 'c.webp'):
        (tmp_path / name).touch()
    (tmp_path / 'inside').mkdir()
    found = find_pictures([tmp_path / 'c.webp', tmp_path])
    names = [path.name for path in found]
    assert names == ['c.webp', 'a.PNG', 'b.jpg', 'c.webp']


def test_no_picture_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'lost\.jpg'):
        find_pictures([tmp_path / 'lost.jpg'])
    with pytest.raises(FileNotFoundError, match='found none'):
        find_pictures([tmp_path])
