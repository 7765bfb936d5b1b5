"""Everything that pictures come from, as one iterable of them."""

import logging
from glob import glob, has_magic
from pathlib import Path
from typing import Iterable, Iterator, List, Optional, Sequence, Sized, Union

import numpy as np
from mmengine.logging import print_log

from mmbopr.structures.picture import Picture
from mmbopr.utils.pictures import check_picture, read_picture
from mmbopr.video import VideoReader

PICTURE_SUFFIXES = ('.bmp', '.jpeg', '.jpg', '.png', '.tif', '.tiff',
                    '.webp')  # fmt: skip
VIDEO_SUFFIXES = ('.avi', '.m4v', '.mkv', '.mov', '.mp4', '.mpeg', '.mpg',
                  '.webm')  # fmt: skip
_WEBCAM = 'webcam'
_MAX_NAMES = 8

PathType = Union[str, Path]
PicturesType = Union[PathType, np.ndarray, int, Iterable]


def open_pictures(
    inputs: PicturesType, fps: Optional[float] = None
) -> Iterable[Picture]:
    """Pictures one by one, whatever they come from.

    Nothing is decoded before its turn.

    Args:
        inputs: A picture's file; a folder, for the pictures right in it; a
            pattern such as ``'photos/*.jpg'``; a video; ``'webcam'``,
            ``'webcam:1'`` or the number of a camera; an array (H, W, 3)
            uint8, BGR as OpenCV reads it; a list of files, folders and
            arrays; or any iterable of
            :class:`~mmbopr.structures.picture.Picture`, which is returned.
        fps: How many frames a second to take of a video; by default all.

    Returns:
        Iterable[Picture]: See :func:`number_of`.

    Raises:
        FileNotFoundError: If there is no such file, or none in the folder or
            for the pattern.
        OSError: If a video or a camera cannot be opened.
        ValueError: If an array is no picture.
    """
    if isinstance(inputs, int):
        return VideoReader(inputs, fps)
    if isinstance(inputs, np.ndarray):
        return PictureList([inputs])
    if isinstance(inputs, (str, Path)):
        name = str(inputs)
        _refuse_address(name)
        if is_camera(name):
            return VideoReader(_camera_number(name), fps)
        if is_video(name):
            return VideoReader(name, fps)
        return PictureList(find_paths(name))
    if not isinstance(inputs, Sequence):
        return inputs
    items = []
    for item in inputs:
        known = isinstance(item, (np.ndarray, Picture))
        items += [item] if known else find_paths(item)
    return PictureList(items)


def is_camera(name: PathType) -> bool:
    """Whether a name stands for a camera, such as ``'webcam:1'``."""
    return str(name).partition(':')[0] == _WEBCAM


def is_video(path: PathType) -> bool:
    """Whether a file is a video, by its name."""
    return Path(path).suffix.lower() in VIDEO_SUFFIXES


def find_paths(path: PathType) -> list:
    """The pictures that a file, a folder or a pattern stands for.

    Raises:
        FileNotFoundError: If there are none.
    """
    _refuse_address(str(path))
    if has_magic(str(path)) and not Path(path).exists():
        found = [x for x in map(Path, sorted(glob(str(path)))) if x.is_file()]
        if not found:
            raise FileNotFoundError(f'{path}: no file fits this pattern')
        return found
    return find_pictures([path])


def _refuse_address(name: str) -> None:
    if '://' in name:
        raise FileNotFoundError(
            f'{name}: URLs are not read: download it first'
        )


def find_pictures(paths: Sequence[Union[str, Path]]) -> List[Path]:
    """The pictures that files and folders stand for.

    Args:
        paths: Files, taken as they are, and folders, of which the picture
            files are taken by name, not hidden ones nor those of folders
            inside; other files in them are counted in a warning.

    Raises:
        FileNotFoundError: If a path does not exist or a folder has no
            picture.
    """
    found = []
    for path in map(Path, paths):
        if not path.exists():
            raise FileNotFoundError(f'{path}: no such file or folder')
        inside = _pictures_in(path) if path.is_dir() else [path]
        if not inside:
            raise FileNotFoundError(
                f'{path}: expected a picture or a folder of pictures '
                f'({", ".join(PICTURE_SUFFIXES)}), found none'
            )
        found += inside
    return found


def _pictures_in(folder: Path) -> List[Path]:
    files = sorted(
        x
        for x in folder.iterdir()
        if x.is_file() and not x.name.startswith('.')
    )
    found = [x for x in files if x.suffix.lower() in PICTURE_SUFFIXES]
    others = sorted({x.suffix or x.name for x in set(files) - set(found)})
    if others:
        print_log(
            f'{folder}: passed over {len(files) - len(found)} files that are '
            f'no pictures by their names ({", ".join(others[:_MAX_NAMES])})',
            'current',
            logging.WARNING,
        )
    return found


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

    @property
    def paths(self) -> List[str]:
        """What their ``path`` will be."""
        return [
            item.path if isinstance(item, Picture) else str(item)
            for item in self.items
        ]

    def __iter__(self) -> Iterator[Picture]:
        for item in self.items:
            known = isinstance(item, Picture)
            yield item if known else Picture(read_picture(item), str(item))


def number_of(pictures: Iterable[Picture]) -> Optional[int]:
    """How many pictures will come, as far as that is known."""
    if isinstance(pictures, VideoReader):
        return pictures.num_pictures
    return len(pictures) if isinstance(pictures, Sized) else None


def is_endless(pictures: Iterable[Picture]) -> bool:
    """Whether they come from a camera."""
    return isinstance(pictures, VideoReader) and pictures.is_webcam
