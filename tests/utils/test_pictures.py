from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from mmbopr.utils.pictures import check_picture, read_picture

ORIENTATION = 0x112
# Smooth, so that lossy formats keep it.
RGB = np.stack(
    [*np.mgrid[0:120:2, 0:160:2], np.full((60, 80), 40)], -1
).astype(np.uint8)
# How a camera stores the upright picture, and the tag that it writes.
STORED = {
    1: RGB,
    2: RGB[:, ::-1],
    3: RGB[::-1, ::-1],
    4: RGB[::-1],
    5: RGB.transpose(1, 0, 2),
    6: np.rot90(RGB),
    7: RGB[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90(RGB, -1),
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / 'photo.bin'


@pytest.mark.parametrize('suffix', ['JPEG', 'PNG', 'WEBP', 'TIFF'])
@pytest.mark.parametrize('tag', STORED)
def test_pictures_come_upright(file, suffix, tag):
    exif = Image.Exif()
    exif[ORIENTATION] = tag
    Image.fromarray(STORED[tag]).save(file, suffix, exif=exif)
    found = read_picture(file)[..., ::-1].astype(int)
    assert found.shape == RGB.shape
    assert np.abs(found - RGB).mean() < 3


@pytest.mark.parametrize(
    ('stored', 'expected'),
    [
        (RGB[..., 0], RGB[..., [0, 0, 0]]),
        (RGB[..., 0] * np.uint16(256) + 9, RGB[..., [0, 0, 0]]),
        (RGB[:1, :1, ::-1], RGB[:1, :1]),
        (np.dstack([RGB[..., ::-1], RGB[..., :1]]), RGB),
    ],
    ids=['grey', '16-bit', '1-pixel', 'alpha'],
)
def test_every_kind_becomes_colour_of_8_bits(file, stored, expected):
    file.write_bytes(cv2.imencode('.png', stored)[1].tobytes())
    np.testing.assert_array_equal(read_picture(file)[..., ::-1], expected)


@pytest.mark.parametrize('suffix', ['JPEG', 'PNG', 'WEBP'])
@pytest.mark.parametrize('share', [0.0, 0.1, 0.6])
def test_torn_and_empty_files_are_named(file, suffix, share):
    content = BytesIO()
    Image.fromarray(RGB).save(content, suffix)
    content = content.getvalue()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(OSError, match=r'photo\.bin: '):
        read_picture(file)


def test_other_files_are_named(file, tmp_path):
    file.write_text('no picture at all')
    with pytest.raises(OSError, match=r'photo\.bin: 17 bytes'):
        read_picture(file)
    with pytest.raises(FileNotFoundError, match='lost'):
        read_picture(tmp_path / 'lost.jpg')


@pytest.mark.parametrize(
    'img', [RGB[..., 0], RGB / 255.0, np.zeros((0, 4, 3), np.uint8)]
)
def test_arrays_are_checked(img):
    with pytest.raises(ValueError, match=r'expected a picture \(H, W, 3\)'):
        check_picture(img)
    assert check_picture(RGB) is RGB
