"""The settings that a folder of results was made with."""

import argparse
import json
from pathlib import Path
from typing import Iterable, Union

from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.digest import sha256

PathType = Union[str, Path]

# Options that change what results hold.
_DECISIVE = (
    'config', 'backend', 'det', 'bbox', 'K', 'format', 'export', 'overlay',
    'vertices', 'fps', 'track', 'smooth',
)  # fmt: skip


def settle(
    args: argparse.Namespace, folder: Path, sources: Iterable[PathType]
) -> None:
    """Note the settings in a folder, or compare with those of its results.

    Args:
        args: Of ``mmbopr predict``.
        folder: Of the results; made if need be.
        sources: Folders of the pictures, or the video or camera: results are
            named by their pictures alone, so those of two do not mix.

    Raises:
        FileNotFoundError: If there is no such checkpoint.
        OSError: If the folder cannot be written to.
        ValueError: If the folder holds results of other settings.
    """
    options = vars(args)
    settings = {name: options[name] for name in _DECISIVE}
    settings['sources'] = sorted({str(Path(x).resolve()) for x in sources})
    settings['checkpoint_sha256'] = sha256(_existing(args.checkpoint))
    path = folder / 'settings.json'
    # Without results, an earlier call only got as far as noting its settings.
    has_results = path.is_file() and (folder / 'results').is_dir()
    if has_results and not args.overwrite:
        noted = json.loads(path.read_text())
        changed = [k for k in settings if settings[k] != noted.get(k)]
        if changed:
            raise ValueError(
                f'{folder} holds results of other settings: {changed} '
                'differ. Name another --out, or begin again with --overwrite'
            )
        return
    with replace_when_complete(path) as temporary:
        temporary.write_text(json.dumps(settings, indent=1))


def _existing(checkpoint: str) -> Path:
    path = Path(checkpoint)
    if not path.is_file():
        raise FileNotFoundError(
            f'{path}: no such checkpoint; give the file of the weights '
            'with --checkpoint'
        )
    return path
