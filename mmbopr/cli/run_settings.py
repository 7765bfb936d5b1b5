"""The settings that a folder of results was made with."""

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import Iterable, Iterator, Union

from mmbopr.exports import RESULT_WRITERS, TRACK_WRITERS
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.digest import sha256

PathType = Union[str, Path]

# Options that change what results hold.
_DECISIVE = (
    'config', 'backend', 'det', 'bbox', 'K', 'format', 'export', 'overlay',
    'vertices', 'fps', 'track', 'smooth',
)  # fmt: skip
# Files of a picture have its own suffix, too; cameras have none.
_OF_PICTURES = ('*.*', 'webcam *')
_OF_TRACKS = ('track_*',)
# What runs write: folder -> names and suffixes.
_WRITTEN = dict(
    meshes=(_OF_PICTURES, RESULT_WRITERS),
    overlays=(_OF_PICTURES, ('.jpg',)),
    motions=(_OF_TRACKS, TRACK_WRITERS),
    tracks=(_OF_TRACKS, ('.npz',)),
    results=(_OF_PICTURES, ('.json', '.npz')),
)
_WRITTEN_BESIDE = ('failed.txt', 'overlay.mp4', 'overlay.partial.mp4')


class RunSettings:
    """What decides over results, noted beside them in ``settings.json``.

    Args:
        args: Of ``mmbopr predict``.
        folder: Of the results.
        sources: Folders of the pictures, or the video or camera: results are
            named by their pictures alone, so those of two do not mix.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
        ValueError: If the folder holds results of other settings.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        folder: Path,
        sources: Iterable[PathType],
    ):
        options = vars(args)
        self._settings = {name: options[name] for name in _DECISIVE} | dict(
            sources=sorted({str(Path(x).resolve()) for x in sources}),
            checkpoint_sha256=sha256(_existing(args.checkpoint)),
        )
        self._folder = folder
        self._path = folder / 'settings.json'
        # Without results, there is nothing to go on from.
        has_results = self._path.is_file() and (folder / 'results').is_dir()
        self._goes_on = has_results and not args.overwrite
        if self._goes_on:
            self._compare()

    def _compare(self) -> None:
        noted = json.loads(self._path.read_text())
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


def _remove_what_runs_wrote(folder: Path) -> None:
    """Files of others stay, and so do the folders that they are in."""
    for name in _WRITTEN_BESIDE:
        (folder / name).unlink(missing_ok=True)
    for name, (stems, suffixes) in _WRITTEN.items():
        for file in _find(folder / name, stems, suffixes):
            file.unlink()
        with suppress(OSError):
            (folder / name).rmdir()


def _find(
    folder: Path, stems: Iterable[str], suffixes: Iterable[str]
) -> Iterator[Path]:
    """Files, also those that a killed run left half written."""
    endings = [f'{x}{end}' for x in suffixes for end in ('', '.partial')]
    patterns = [f'{stem}{ending}' for stem in stems for ending in endings]
    found = {x for pattern in patterns for x in folder.glob(pattern)}
    return (x for x in found if x.is_file())
