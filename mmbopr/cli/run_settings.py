"""The settings that a folder of results was made with."""

import argparse
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Iterable, Iterator, Optional, Union

from mmbopr.apis.picture_sources import PICTURE_SUFFIXES
from mmbopr.exports import RESULT_WRITERS, TRACK_WRITERS
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.digest import sha256

PathType = Union[str, Path]

# Options that change what results hold.
_DECISIVE = (
    'config', 'backend', 'det', 'bbox', 'K', 'format', 'export', 'overlay',
    'vertices', 'fps', 'track', 'smooth',
)  # fmt: skip
# Files of a picture keep its suffix; those of frames end in a number.
_PICTURE_ENDS = '|'.join(map(re.escape, PICTURE_SUFFIXES))
_OF_PICTURES = re.compile(rf'.+({_PICTURE_ENDS}|_\d{{6,}})', re.IGNORECASE)
_OF_TRACKS = re.compile(r'track_\d{4,}')
# What runs write: folder -> stems and suffixes.  Results are deleted first:
# a picture whose result is there counts as done.
_WRITTEN = dict(
    results=(_OF_PICTURES, ('.json', '.npz')),
    meshes=(_OF_PICTURES, RESULT_WRITERS),
    overlays=(_OF_PICTURES, ('.jpg',)),
    motions=(_OF_TRACKS, TRACK_WRITERS),
    tracks=(_OF_TRACKS, ('.npz',)),
)
_OVERLAY = 'overlay.mp4'
_PASSING = ('failed.txt', 'overlay.partial.mp4')


class RunSettings:
    """What decides over results, noted beside them in ``settings.json``.

    Args:
        args: Of ``mmbopr predict``.
        folder: Of the results.
        sources: Folders of the pictures, or the video or camera: results are
            named by their pictures alone, so those of two do not mix.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
        ValueError: If the folder holds results of other settings, or the
            sources, or a ``settings.json`` of somebody else.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        folder: Path,
        sources: Iterable[PathType],
    ):
        options = vars(args)
        paths = sorted({Path(x).resolve() for x in sources})
        self._settings = {name: options[name] for name in _DECISIVE} | dict(
            sources=[str(path) for path in paths],
            checkpoint_sha256=sha256(_existing(args.checkpoint)),
        )
        self._folder = folder
        self._path = folder / 'settings.json'
        _refuse_sources_within(folder, paths)
        noted = self._read()
        # Without results, there is nothing to go on from.
        has_results = noted is not None and any(_written_in(folder))
        self._goes_on = has_results and not args.overwrite
        if self._goes_on:
            self._compare(noted)

    def _read(self) -> Optional[dict]:
        if not self._path.is_file():
            return None
        try:
            noted = json.loads(self._path.read_text('utf-8'))
        except ValueError:
            noted = None
        ours = isinstance(noted, dict) and 'checkpoint_sha256' in noted
        if not ours:
            raise ValueError(
                f'{self._path} is not of mmbopr: name another --out'
            )
        return noted

    def _compare(self, noted: dict) -> None:
        ours = self._settings
        changed = [name for name in ours if ours[name] != noted.get(name)]
        if changed:
            raise ValueError(
                f'{self._folder} holds results of other settings: {changed} '
                'differ. Name another --out, or begin again with --overwrite'
            )

    def settle(self) -> None:
        """Note them, in place of all that runs with others left.

        Raises:
            OSError: If the folder cannot be written to.
        """
        if self._goes_on:
            return
        if self._path.is_file():
            _remove_what_runs_wrote(self._folder)
        with replace_when_complete(self._path) as temporary:
            temporary.write_text(json.dumps(self._settings, indent=1))


def _existing(checkpoint: str) -> Path:
    path = Path(checkpoint)
    if not path.is_file():
        raise FileNotFoundError(
            f'{path}: no such checkpoint; give the file of the weights '
            'with --checkpoint'
        )
    return path


def _refuse_sources_within(folder: Path, sources: Iterable[Path]) -> None:
    """Where results go, what they are made from would be in the way."""
    for source in sources:
        if source in (folder.resolve() / x for x in (*_WRITTEN, _OVERLAY)):
            raise ValueError(
                f'{source} is what runs write to {folder}: name another --out'
            )


def _remove_what_runs_wrote(folder: Path) -> None:
    """Files of others stay, and so do the folders that they are in."""
    for file in _written_in(folder):
        file.unlink()
    for name in _PASSING:
        (folder / name).unlink(missing_ok=True)
    for name in _WRITTEN:
        with suppress(OSError):
            (folder / name).rmdir()


def _written_in(folder: Path) -> Iterator[Path]:
    """Files of runs, also those that a killed one left half written."""
    for name, (stems, suffixes) in _WRITTEN.items():
        if (folder / name).is_symlink():
            continue
        for file in sorted((folder / name).glob('*')):
            whole = Path(file.name.removesuffix('.partial'))
            stem = stems.fullmatch(whole.stem)
            if stem and whole.suffix in suffixes and file.is_file():
                yield file
    if (folder / _OVERLAY).is_file():
        yield folder / _OVERLAY
