"""Results and tracks on the disk."""

import logging
from pathlib import Path
from typing import List, Union

import numpy as np
from mmengine.logging import print_log

from .mesh_result import UNREADABLE, MeshResult
from .mesh_track import MeshTrack

_SUFFIXES = ('.json', '.npz')
# Of what `mmbopr predict` writes, those with results, the better one first.
_FOLDERS = ('results', 'tracks')
# Formats of our other files, which are easily taken for results.
_OTHERS = {
    'mmbopr-1': 'the annotations of a data set, which '
    'tools/misc/browse_dataset.py shows through a config',
    'mmbopr-evaluation-1': 'the dump of an evaluation, which tools/report.py '
    'reads',
    'mmbopr-occlusion-1': 'a study of occlusion, which '
    'tools/analysis_tools/occlusion_sensitivity.py wrote, with its figures',
}


def read_results(
    path: Union[str, Path],
) -> Union[List[MeshResult], List[MeshTrack]]:
    """Read a result, a track or a folder of them.

    Args:
        path: The file or folder; also one that holds no results itself, but
            a folder ``results`` or ``tracks``.

    Returns:
        list: The results ordered by picture and frame, one a picture even
        if it was stored twice; the tracks if there is no result.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If there is neither result nor track.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f'{path}: no such result, track or folder')
    if not path.is_dir():
        return [_read(path)]
    paths = [p for p in sorted(path.iterdir()) if p.suffix in _SUFFIXES]
    found, refused = [], []
    for file in paths:
        try:
            found.append(_read(file))
        except ValueError as error:
            refused.append(f'{file.name} ({error})')
    results = {
        (str(x.img_path), -1 if x.frame is None else x.frame): x
        for x in found
        if isinstance(x, MeshResult)
    }
    tracks = [x for x in found if isinstance(x, MeshTrack)]
    inner = [path / name for name in _FOLDERS if (path / name).is_dir()]
    if not found and inner:  # what `mmbopr predict` was told for --out
        return read_results(inner[0])
    if not found:
        raise ValueError(
            f'{path}: none of its {len(paths)} .json and .npz files is a '
            'result; pass a file or the folder that results were saved to'
        )
    if refused:
        print_log(
            f'{path}: passed over {len(refused)} of {len(paths)} files that '
            f'are no results, the first is {refused[0]}',
            'current',
            logging.WARNING,
        )
    return [results[key] for key in sorted(results)] or tracks


def _read(path: Path) -> Union[MeshResult, MeshTrack]:
    try:
        return MeshResult.load(path)
    except ValueError:
        if path.suffix != '.npz':
            raise
    other = _OTHERS.get(_format_of(path))
    if other:
        raise ValueError(f'{path} holds no result, but {other}')
    return MeshTrack.load(path)


def _format_of(path: Path) -> str:
    try:
        with np.load(path, allow_pickle=False) as content:
            return str(content['format'])
    except UNREADABLE:
        return ''
