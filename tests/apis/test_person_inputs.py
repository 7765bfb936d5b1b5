import cv2
import numpy as np
import pytest
import torch
from mmengine.dataset import Compose
from mmengine.registry import init_default_scope

from mmbopr.apis import load_person
from mmbopr.models.estimators.crop_context import crop_context
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


def test_a_picture_in_memory_is_taken_as_the_file_it_came_from(
    pipeline, picture
):
    box = np.array([50, 20, 20, 40])
    data = load_person(pipeline, cv2.imread(str(picture)), box)
    expected = load_person(pipeline, picture, box)
    assert torch.equal(data['inputs'], expected['inputs'])
    sample = data['data_samples']
    assert tuple(sample.ori_shape) == (60, 80) and sample.img_path is None


def test_camera_and_key_points_reach_the_model(pipeline, picture):
    keypoints = np.full((17, 3), np.nan)
    keypoints[:, 2] = 0
    keypoints[[0, 9]] = [[20, 15, 0.5], [60, 40, 1]]
    data = load_person(
        pipeline, picture, K=[500, 510, 41, 29], keypoints=keypoints
    )
    crops = crop_context([data['data_samples']], 'cpu')
    assert crops.K.tolist() == [[500, 510, 41, 29]]
    # The square around the picture starts at (0, -10) and has a side of 80.
    prompts = crops.keypoint_prompts[0]
    np.testing.assert_allclose(
        prompts[[0, 9]], [[-0.5, -0.375, 0.5], [0.5, 0.25, 1]], atol=1e-6
    )
    assert (prompts[:, 2] > 0).sum() == 2


@pytest.mark.parametrize(
    'known, message',
    [
        (dict(K=[500, 500]), r'fx, fy, cx, cy .*\[500\.0, 500\.0\]'),
        (dict(K=[0, 500, 40, 30]), 'positive focal'),
        (dict(keypoints=np.ones((17, 2))), r'17 key points.*\(17, 2\)'),
        (dict(keypoints=np.full((17, 3), np.inf)), "'nose'.*not finite"),
        (dict(keypoints=-np.ones((17, 3))), "'nose'.*negative"),
    ],
)
def test_a_bad_camera_and_bad_key_points_are_named(
    pipeline, picture, known, message
):
    with pytest.raises(ValueError, match=message):
        load_person(pipeline, picture, **known)


def test_a_picture_in_memory_is_checked(pipeline):
    with pytest.raises(ValueError, match=r'\(60, 80\) uint8'):
        load_person(pipeline, np.zeros((60, 80), np.uint8))
    with pytest.raises(ValueError, match=r'\(60, 80, 3\) float64'):
        load_person(pipeline, np.zeros((60, 80, 3)))


def test_bad_input_is_named(pipeline, tmp_path, picture):
    text = tmp_path / 'notes.png'
    text.write_text('no picture')
    with pytest.raises(OSError, match=r'notes\.png'):
        load_person(pipeline, text)
    with pytest.raises(ValueError, match=r'dots\.png.*\(3, 4, 0, 5\)'):
        load_person(pipeline, picture, [3, 4, 0, 5])
