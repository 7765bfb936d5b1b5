import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import PixelData

from mmbopr.body_models import GenderedSMPL
from mmbopr.visualization.person_pictures import crop_view, draw_person

IMAGE = np.full((120, 160, 3), 90, np.uint8)


def test_crop_and_its_camera_agree():
    rows, columns = np.mgrid[:120, :160] + 0.5
    spot = np.exp(-((columns - 88) ** 2 + (rows - 50) ** 2) / 2 / 3**2)
    image = np.repeat(np.uint8(255 * spot)[..., None], 3, 2)
    K = torch.tensor([120.0, 120.0, 80.0, 60.0])
    view = crop_view(image, K, np.array([80.5, 60.25]), 71.3, 200)
    rows, columns = np.mgrid[:200, :200] + 0.5
    weight = view.image[..., 0].astype(float)
    weight[weight == 235] = 0
    found = [(x * weight).sum() / weight.sum() for x in (columns, rows)]
    ray = (torch.tensor([88.0, 50.0]) - K[2:]) / K[:2]
    expected = ray * view.K[:2] + view.K[2:]
    np.testing.assert_allclose(found, expected, atol=0.3)


def test_a_crop_may_be_a_rectangle():
    rows, columns = np.mgrid[:120, :160]
    image = np.stack([columns, rows, 0 * rows], -1).astype(np.uint8)
    K = torch.tensor([120.0, 120.0, 80.0, 60.0])
    view = crop_view(image, K, np.array([80.0, 60]), np.array([30, 40.0]), 80)
    assert view.image.shape == (80, 60, 3)
    # From column 65 and row 40 on, twice as large.
    np.testing.assert_allclose(
        view.image[40, [10, 50], 0], [69.8, 89.8], atol=1
    )
    np.testing.assert_allclose(
        view.image[[10, 70], 30, 1], [44.8, 74.8], atol=1
    )
    assert view.K.tolist() == [240, 240, 30, 40]


def test_crop_is_grey_outside_of_the_image():
    view = crop_view(IMAGE, torch.ones(4), np.array([0.0, 60.0]), 80.0, 80)
    assert (view.image[:, :39] == 235).all()
    assert (view.image[:, 41:] == 90).all()


def test_pictures_of_a_perfect_prediction_agree(sample):
    sample.pred_fields = PixelData(
        part_attention=torch.rand(24, 7, 7), body_attention=torch.rand(1, 7, 7)
    )
    pictures = draw_person(IMAGE, sample, GenderedSMPL('open'), size=96)
    assert list(pictures) == [
        'Input', 'Prediction', 'Prediction, side',
        'Ground truth', 'Ground truth, side',
        'Body attention', 'Part attention',
    ]  # fmt: skip
    assert {p.shape for p in pictures.values()} == {(96, 96, 3)}
    masks = [
        (pictures[name] != pictures['Input']).any(-1)
        for name in ('Prediction', 'Ground truth')
    ]
    np.testing.assert_array_equal(*masks)
    # Blue and yellow.
    blue, yellow = (
        pictures[name][mask].mean(0)
        for name, mask in zip(
            ('Prediction', 'Ground truth'), masks, strict=True
        )
    )
    assert blue[2] > blue[0] + 20 and yellow[0] > yellow[2] + 20


@pytest.mark.parametrize('lost', ['place', 'body'])
def test_what_is_unknown_is_left_out(sample, lost):
    if lost == 'place':
        sample.set_metainfo(dict(transl=np.full(3, np.nan)))
    else:
        sample.gt_instance_labels.has_smpl[:] = False
    pictures = draw_person(IMAGE, sample, GenderedSMPL('open'), size=64)
    assert 'Ground truth' not in pictures
    assert ('Ground truth, side' in pictures) == (lost == 'place')
    assert cv2.countNonZero(255 - pictures['Prediction, side'][..., 0]) > 100


def test_part_attention_is_drawn_without_a_body_map(sample):
    sample.pred_fields = PixelData(part_attention=torch.rand(24, 7, 7))
    pictures = draw_person(IMAGE, sample, GenderedSMPL('open'), size=64)
    assert list(pictures)[-1] == 'Part attention'
