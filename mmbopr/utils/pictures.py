"""Reading pictures as they come from phones, scanners and the web."""

from io import BytesIO
from pathlib import Path
from typing import Union

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

_WEBP = slice(8, 12)


def read_picture(path: Union[str, Path]) -> np.ndarray:
    """Read a picture upright, in colour, with 8 bits.

    The orientation in its EXIF data is honoured, grey becomes colour, of 16
    bits the upper 8 remain, transparency is dropped.

    Args:
        path: The file.

    Returns:
        np.ndarray: (H, W, 3) uint8, BGR.

    Raises:
        OSError: If the file cannot be read, or is no picture, or torn.
    """
    content = Path(path).read_bytes()
    if not content:
        raise OSError(
            f'{path}: the file is empty (0 bytes); leave it out or get it '
            'again'
        )
    img = _decode(content)
    if img is None:
        raise OSError(
            f'{path}: {len(content)} bytes that are no picture that can be '
            'read, or part of one; leave it out, get it again or convert it '
            'to JPEG or PNG'
        )
    return img


def check_picture(img: np.ndarray) -> np.ndarray:
    """Return a picture that is (H, W, 3) uint8.

    Raises:
        ValueError: If it is not.
    """
    if img.dtype != np.uint8 or img.shape[2:] != (3,) or not img.size:
        raise ValueError(
            'expected a picture (H, W, 3) uint8, channels in the order blue, '
            f'green, red; found {img.shape} {img.dtype}'
        )
    return img


def _decode(content: bytes) -> Union[np.ndarray, None]:
    """(H, W, 3) uint8, BGR; None if it is no picture."""
    if content[_WEBP] == b'WEBP':  # the one whose EXIF OpenCV does not read
        try:
            upright = ImageOps.exif_transpose(Image.open(BytesIO(content)))
        except (OSError, UnidentifiedImageError):
            return None
        return np.ascontiguousarray(
            np.array(upright.convert('RGB'))[..., ::-1]
        )
    try:
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # too large, say
        return None
