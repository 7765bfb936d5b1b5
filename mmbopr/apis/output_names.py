"""Files of pictures that must not replace each other."""

from pathlib import Path
from typing import Dict, Iterable, Iterator, Union

from mmbopr.structures.picture import Picture

from .picture_sources import PictureList


def refuse_equal_names(pictures: Iterable[Picture]) -> Iterable[Picture]:
    """Let pictures pass whose files can lie in one folder.

    Files are named by the picture or video, without its folder.

    Args:
        pictures: The pictures.

    Returns:
        Iterable[Picture]: The same; those not known from the start are
        checked in their turn.

    Raises:
        ValueError: If two pictures or videos have the same name.
    """
    if isinstance(pictures, PictureList):
        paths = pictures.paths
    elif isinstance(pictures, (list, tuple)):
        paths = [picture.path for picture in pictures]
    else:
        return _checked(pictures)
    seen: Dict[str, Path] = {}
    for path in paths:
        _note(path, seen)
    return pictures


def _checked(pictures: Iterable[Picture]) -> Iterator[Picture]:
    seen: Dict[str, Path] = {}
    for picture in pictures:
        _note(picture.path, seen)
        yield picture


def _note(path: Union[str, Path], seen: Dict[str, Path]) -> None:
    path = Path(path)
    other = seen.setdefault(path.name, path)
    if other.resolve() != path.resolve():
        raise ValueError(
            f'{other} and {path} have the same name, which files in '
            'vis_out_dir and pred_out_dir are named by: predict them in two '
            'calls, into different folders'
        )
