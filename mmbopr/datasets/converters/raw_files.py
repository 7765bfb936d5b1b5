"""Reading what users downloaded: files, fields and pictures, all checked."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from PIL import Image, UnidentifiedImageError

_EXIF_ORIENTATION = 0x0112
_LYING = (5, 6, 7, 8)  # orientations that a reader turns by 90 degrees


class ConversionError(ValueError):
    """A file of a data set cannot be converted."""


def find_input(root: Path, name: str, page: str) -> Path:
    """A file or folder of a data set.

    Args:
        root: Folder of the data set.
        name: Path in it.
        page: Where the data set comes from.

    Raises:
        FileNotFoundError: If it is not there; says what is missing, where to
            get and where to put it, or which name differs in its case only.
    """
    path = root
    for part in Path(name).parts:
        if not (path / part).exists():
            raise FileNotFoundError(_missing(path, part, root / name, page))
        path = path / part
    return path


def _missing(folder: Path, part: str, wanted: Path, page: str) -> str:
    alike = _same_but_case(folder, part)
    if alike:
        return (
            f'{wanted}: not found, but {folder / alike} is there: upper and '
            f'lower case differ. Rename it to {part!r}'
        )
    return f'{wanted}: not found. Get it from {page} and put it there'


def _same_but_case(folder: Path, name: str) -> Optional[str]:
    names = (x.name for x in folder.iterdir()) if folder.is_dir() else ()
    return next((x for x in names if x.lower() == name.lower()), None)


def list_inputs(root: Path, folder: str, pattern: str, page: str) -> List:
    """Files of a folder that match a pattern, sorted.

    Raises:
        FileNotFoundError: If there is none.
    """
    found = sorted(find_input(root, folder, page).glob(pattern))
    if not found:
        raise FileNotFoundError(
            f'{root / folder / pattern}: no such files. Get them from {page} '
            f'and put them there'
        )
    return found


def take(
    record: Mapping[str, Any],
    key: str,
    shape: Sequence[Optional[int]],
    where: Union[str, Path],
) -> np.ndarray:
    """An array of numbers from a raw record.

    Args:
        record: The record.
        key: Its field.
        shape: What is expected; None stands for any length.
        where: File and record, for the error.

    Raises:
        ConversionError: If the field is missing, no array of numbers or of
            another shape.
    """
    value = take_any(record, key, where)
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        array = None
    if array is None or not _fits(array.shape, shape):
        expected = tuple('any' if n is None else n for n in shape)
        found = 'no array of numbers' if array is None else array.shape
        raise ConversionError(
            f'{where}: {key!r} must have shape {expected}, found {found}. '
            f'The file may be damaged or of another version; download it '
            f'again'
        )
    return array


def _fits(shape: Tuple[int, ...], expected: Sequence[Optional[int]]) -> bool:
    return len(shape) == len(expected) and all(
        want in (None, have)
        for have, want in zip(shape, expected, strict=True)
    )


def take_flat(
    record: Mapping[str, Any],
    key: str,
    sizes: Sequence[int],
    where: Union[str, Path],
) -> np.ndarray:
    """Numbers from a raw record, in whatever shape they are there.

    Args:
        record: The record.
        key: Its field.
        sizes: How many numbers there may be.
        where: File and record, for the error.

    Raises:
        ConversionError: If the field is missing or has another size.
    """
    value = np.ravel(np.asarray(take_any(record, key, where), object))
    return take({key: value}, key, (_choose(len(value), sizes),), where)


def _choose(size: int, sizes: Sequence[int]) -> int:
    return size if size in sizes else sizes[0]


def take_any(record: Any, key: str, where: Union[str, Path]) -> Any:
    """A field of a raw record.

    Raises:
        ConversionError: If it is missing or the record holds no fields.
    """
    if not isinstance(record, Mapping):
        raise ConversionError(
            f'{where}: expected named fields, found {type(record).__name__}'
        )
    if key not in record:
        raise ConversionError(
            f'{where}: has no {key!r}, only {sorted(map(str, record))}'
        )
    return record[key]


def read_json(path: Path) -> Any:
    """The content of a json file, its lists of numbers as float32 arrays.

    Arrays take a tenth of the memory of lists.

    Raises:
        ConversionError: If it is cut off or no json.
    """
    try:
        with path.open() as file:
            return json.load(file, object_hook=_with_arrays)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ConversionError(
            f'{path}: no readable json ({error}). It may be cut off; '
            f'download it again'
        ) from error


def read_records(path: Path) -> Any:
    """:func:`read_json`, remembering the last file until it changes."""
    return _read_version(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read_version(path: Path, _version: int) -> Any:
    return read_json(path)


def _with_arrays(record: dict) -> dict:
    return {key: _as_array(value) for key, value in record.items()}


def _as_array(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        return value
    if not isinstance(value[0], (int, float, list)):
        return value
    try:
        return np.array(value, np.float64).astype(np.float32)
    except (TypeError, ValueError):  # ragged or mixed, take() will tell
        return value


def picture_size(path: Path) -> Tuple[int, int]:
    """Height and width of a picture as readers show it, from its header.

    Raises:
        ConversionError: If it is no picture.
    """
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            turned = picture.getexif().get(_EXIF_ORIENTATION) in _LYING
    except (UnidentifiedImageError, OSError) as error:
        raise ConversionError(
            f'{path}: not a readable picture ({error}). Download it again'
        ) from error
    return (width, height) if turned else (height, width)
