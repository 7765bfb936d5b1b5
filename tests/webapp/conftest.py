"""The tiny model behind a page."""

import cv2
import numpy as np
import pytest

from mmbopr.structures.picture import Picture
from mmbopr.webapp import PhotoModel


@pytest.fixture(scope='module')
def model(inferencer):
    before = dict(inferencer.model.test_cfg)
    yield PhotoModel(inferencer, 'whole')
    inferencer.model.test_cfg.clear()
    inferencer.model.test_cfg.update(before)


@pytest.fixture(scope='session')
def photo_file(tiny_model):
    return sorted((tiny_model / 'test/images').iterdir())[0]


@pytest.fixture
def picture(photo_file):
    return Picture(cv2.imread(str(photo_file)), 'photo.jpg')


@pytest.fixture
def large(picture):
    """The same, 6 times as large."""
    return Picture(
        np.ascontiguousarray(picture.img.repeat(6, 0).repeat(6, 1)),
        'large.jpg',
    )
