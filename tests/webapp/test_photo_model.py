import copy

import numpy as np
import pytest

from mmbopr.structures.predictions import MissingFeatureError
from mmbopr.webapp import PhotoModel

BOXES = [[10, 5, 50, 70], [40, 10, 90, 60]]


def test_it_says_what_the_inferencer_says(model, picture):
    answer = model.answer(picture, 'hog', BOXES, [100, 100, 48, 36])
    (expected,) = model.inferencer(
        picture.img, bboxes=[BOXES], K=[100, 100, 48, 36]
    )['predictions']
    for name in ('betas', 'body_pose', 'cam_t_full', 'bbox', 'K'):
        np.testing.assert_allclose(
            getattr(answer.result, name), getattr(expected, name), atol=1e-5
        )
    assert answer.result.img_path == 'photo.jpg'
    np.testing.assert_array_equal(answer.image, picture.img[..., ::-1])


def test_attention_is_that_of_the_crops(model, picture):
    attention = model.answer(picture, 'hog', BOXES).attention
    assert attention.part.shape[:2] == (2, 24)
    assert attention.body.shape[:2] == (2, 1)
    np.testing.assert_allclose(attention.part.sum((2, 3)), 1, rtol=1e-4)
    # Squares of 1.2 times the longer side.
    np.testing.assert_allclose(
        attention.crop, [[30, 37.5, 78, 78], [65, 35, 60, 60]], rtol=1e-5
    )


def test_nobody_is_an_answer_too(model, picture):
    answer = model.answer(picture, 'hog')
    assert len(answer.result) == 0 and answer.attention is None


def test_a_model_without_attention_still_answers(
    inferencer, picture, monkeypatch
):
    forward = inferencer.forward

    def without(batch):
        if inferencer.model.test_cfg['output_attention']:
            raise MissingFeatureError('no attention')
        return forward(batch)

    monkeypatch.setattr(
        inferencer.model, 'test_cfg', copy.copy(inferencer.model.test_cfg)
    )
    monkeypatch.setattr(inferencer, 'forward', without)
    answer = PhotoModel(inferencer, 'whole').answer(picture, 'whole')
    assert len(answer.result) == 1 and answer.attention is None


def test_the_first_detector_is_the_given_one(model, inferencer):
    assert list(model.detectors) == ['whole', 'hog']
    with pytest.raises(ValueError, match="no detector 'dog'"):
        PhotoModel(inferencer, 'dog')


def test_shrunk_answers_project_alike(model, large):
    answer = model.answer(large, 'whole')
    small = answer.shrunk(300)
    assert small.image.shape == (225, 300, 3)
    assert small.result.img_shape == (225, 300)
    zoom = 300 / large.img.shape[1]
    for name in ('keypoints_2d', 'bbox', 'K'):
        np.testing.assert_allclose(
            getattr(small.result, name),
            getattr(answer.result, name) * zoom,
            rtol=1e-5,
        )
    np.testing.assert_allclose(
        small.attention.crop, answer.attention.crop * zoom, rtol=1e-5
    )
    np.testing.assert_array_equal(
        small.result.cam_t_full, answer.result.cam_t_full
    )
    assert small.shrunk(300) is small
