"""Everything that pictures come from, as one iterable of them."""

from glob import glob, has_magic
from pathlib import Path
from typing import Iterable, Iterator, Sequence, Union

import cv2
import numpy as np

from mmbopr.structures.picture import Picture

from .person_inputs import find_pictures
from .pictures import check_picture, read_picture

_WEBCAM = 'webcam'

PathType = Union[str, Path]
PicturesType = Union[PathType, np.ndarray, int, Iterable]


def open_pictures(inputs: PicturesType) -> Iterable[Picture]:
    """Pictures one by one, whatever they come from.

    Nothing is decoded before its turn.

    Args:
        inputs: A picture's file; a folder, for the pictures right in it; a
            pattern such as ``'photos/*.jpg'``; ``'webcam'``, ``'webcam:1'``
            or the number of a camera; an array (H, W, 3) uint8, BGR as
            OpenCV reads it; a list of files, folders and arrays; or any
            iterable of :class:`~mmbopr.structures.picture.Picture`.

    Returns:
        Iterable[Picture]: With a length, unless it comes from a camera or
        an iterable without.

    Raises:
        FileNotFoundError: If there is no such file, or none in the folder or
            for the pattern.
        ValueError: If an array is no picture.
    """
    if isinstance(inputs, int):
        return Webcam(inputs)
    if isinstance(inputs, np.ndarray):
        return PictureList([inputs])
    if isinstance(inputs, (str, Path)):
        name = str(inputs)
        if name.partition(':')[0] == _WEBCAM:
            return Webcam(_camera_number(name))
        return PictureList(find_paths(name))
    if not isinstance(inputs, Sequence):
        return inputs
    items = []
    for item in inputs:
        known = isinstance(item, (np.ndarray, Picture))
        items += [item] if known else find_paths(item)
    return PictureList(items)


def find_paths(path: PathType) -> list:
    """The pictures that a file, a folder or a pattern stands for.

    Raises:
        FileNotFoundError: If there are none.
    """
    if has_magic(str(path)) and not Path(path).exists():
        found = sorted(glob(str(path)))
        if not found:
            raise FileNotFoundError(f'{path}: no file fits this pattern')
        return [Path(x) for x in found if Path(x).is_file()]
    return find_pictures([path])


def _camera_number(name: str) -> int:
    _, _, number = name.partition(':')
    if number and not number.isdecimal():
        raise ValueError(
            f'{name}: expected "{_WEBCAM}" or "{_WEBCAM}:1", say, with the '
            'number of the camera'
        )
    return int(number or 0)


class PictureList:
    """Pictures that are known from the start.

    Args:
        items: Files, arrays (H, W, 3) uint8, BGR, and pictures.

    Raises:
        ValueError: If an array is no picture.
    """

    def __init__(self, items: Sequence[Union[PathType, np.ndarray, Picture]]):
        self.items = list(items)
        for number, item in enumerate(self.items):
            if isinstance(item, np.ndarray):
                item = check_picture(item)
                self.items[number] = Picture(item, f'array {number}')

    def __len__(self) -> int:
        """How many."""
        return len(self.items)

    def __iter__(self) -> Iterator[Picture]:
        for item in self.items:
            known = isinstance(item, Picture)
            yield item if known else Picture(read_picture(item), str(item))


class Webcam:
    """Frames of a camera, until it is closed.

    Args:
        index: OpenCV's number of it.
    """

    def __init__(self, index: int):
        self.index = index

    def __iter__(self) -> Iterator[Picture]:
        name = f'{_WEBCAM}:{self.index}'
        camera = cv2.VideoCapture(self.index)
        try:
            if not camera.isOpened():
                raise OSError(
                    f'{name}: there is no such camera, or another program '
                    'uses it'
                )
            frame = 0
            while (grabbed := camera.read())[0]:
                yield Picture(grabbed[1], name, frame)
                frame += 1
        finally:
            camera.release()
