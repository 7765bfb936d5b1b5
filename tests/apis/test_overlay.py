import cv2
import numpy as np
import pytest

from mmbopr.apis import overlay
from mmbopr.body_models import SMPL
from mmbopr.structures.picture import Picture
from mmbopr.testing.results import make_result


@pytest.fixture
def present(monkeypatch, tmp_path):
    """Function that shows and saves a picture of nobody."""
    monkeypatch.setattr(overlay, 'has_display', lambda: True)
    body = SMPL('open')

    def present(frame=None):
        result = make_result(0)
        img = np.full((*result.img_shape, 3), 90, np.uint8)
        picture = Picture(img, 'photo.jpg', frame)
        overlay.present_overlay(picture, result, body, True, tmp_path)

    return present


@pytest.mark.parametrize(('frame', 'milliseconds'), [(None, 0), (7, 1)])
def test_pictures_wait_for_a_key_and_frames_do_not(
    present, monkeypatch, frame, milliseconds
):
    called = []
    monkeypatch.setattr(cv2, 'imshow', lambda name, img: called.append(img))
    monkeypatch.setattr(cv2, 'waitKey', called.append)
    present(frame)
    img, waited = called
    assert (img == 90).all() and waited == milliseconds


def test_an_opencv_without_windows_is_said_after_saving(
    present, monkeypatch, tmp_path
):
    def fail(name, img):
        raise cv2.error('The function is not implemented. Rebuild')

    monkeypatch.setattr(cv2, 'imshow', fail)
    with pytest.raises(OSError, match=r'install "opencv-.*or leave out --sho'):
        present()
    assert (tmp_path / 'photo.jpg.jpg').exists()
