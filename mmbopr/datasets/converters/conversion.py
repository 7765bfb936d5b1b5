"""Running a converter: in parallel, resumable, all or nothing."""

import json
import shutil
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Union

import numpy as np
from mmengine.logging import print_log
from mmengine.utils import ProgressBar

from mmbopr.structures import ANNOTATION_FORMAT
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.worker_pool import worker_pool

from ..annotations import AnnotationFile
from .base_converter import DatasetConverter, Unit
from .manifest import (
    build_manifest,
    digest_file,
    manifest_path,
    read_manifest,
)
from .raw_files import ConversionError
from .rows import Rows

_META = 'meta'


class _Job(NamedTuple):
    """A piece of work, where its rows go, and what they depend on."""

    converter: DatasetConverter
    unit: Unit
    part: Path
    origin: Dict[str, Any]


def convert_dataset(
    converter: DatasetConverter, out: Union[str, Path], workers: int = 1
) -> bool:
    """Convert a data set to one annotation file.

    Rows of finished inputs are kept in a hidden folder beside the file until
    it is complete; another run with the same inputs takes them from there.
    The manifest, a json of the same name, tells inputs, digests and counts.

    Args:
        converter: What to convert.
        out: The ``.npz`` to write.
        workers: Number of processes; the bytes do not depend on it.

    Returns:
        bool: False if the same conversion was there already.

    Raises:
        FileNotFoundError: If an input is missing.
        ConversionError: If an input is not what it should be, or the counts
            are not those that are known.
        FileExistsError: If ``out`` holds anything else, or a file that is
            no manifest has the manifest's name.
    """
    out = Path(out).absolute()
    if out.suffix != '.npz':
        raise ValueError(f'{out}: the annotation file must end in .npz')
    found = read_manifest(out)
    jobs = _plan(converter, out)
    manifest = build_manifest(converter, [job.origin for job in jobs])
    if _is_made(out, manifest['origin'], found.get('origin')):
        return False
    jobs[0].part.parent.mkdir(parents=True, exist_ok=True)
    todo = [job for job in jobs if _read_meta(job) is None]
    if len(todo) < len(jobs):
        print_log(f'{len(jobs) - len(todo)} of {len(jobs)} parts are there')
    progress = ProgressBar(len(todo)) if todo else None
    with _mapper(workers) as run_all:
        for _ in run_all(_run, todo):
            progress.update()
    manifest.update(_counts([_read_meta(job) for job in jobs]))
    converter.check_counts(manifest['counts'])
    _write(converter, jobs, manifest, out)
    shutil.rmtree(jobs[0].part.parent)
    return True


@contextmanager
def _mapper(workers: int) -> Iterator:
    """``map`` over processes; a single one is this process itself."""
    if workers == 1:
        yield map
        return
    with worker_pool(workers) as pool:
        yield pool.map


# --- parts
def _plan(converter: DatasetConverter, out: Path) -> List[_Job]:
    units = converter.units()
    body_files = converter.body_files()
    shared = {
        **converter.settings(),
        'body_files': [digest_file(path, path.parent) for path in body_files],
    }
    digest = lru_cache(maxsize=None)(
        partial(digest_file, start=converter.root)
    )
    folder = out.with_name(f'.{out.stem}.parts')
    return [
        _Job(
            converter,
            unit,
            folder / f'{number:05d}.npz',
            {
                **shared,
                'input': digest(unit.path),
                'slice': [unit.index, unit.count],
            },
        )
        for number, unit in enumerate(units)
    ]


def _run(job: _Job) -> None:
    """Convert one piece of work and keep its rows."""
    rows = job.converter.convert(job.unit)
    meta = {
        'origin': job.origin,
        'read': rows.num_read,
        'dropped': rows.dropped,
        'rows': len(rows),
        'notes': rows.notes,
    }
    _save(job.part, {**rows.complete(), _META: np.array(json.dumps(meta))})


def _save(path: Path, arrays: Dict[str, np.ndarray]) -> None:
    """Write an npz that is either complete or not there."""
    with replace_when_complete(path) as draft, draft.open('wb') as file:
        np.savez(file, **arrays)


def _read_meta(job: _Job) -> Any:
    """What is known of a finished part; None if it is to be made."""
    if not job.part.is_file():
        return None
    with np.load(job.part) as part:
        meta = json.loads(str(part[_META]))
    return meta if meta['origin'] == job.origin else None


# --- the whole
def _is_made(out: Path, origin: Dict, found: Optional[Dict]) -> bool:
    """Whether the file is there, and was made from the same."""
    if not out.exists():
        return False
    if found == origin:
        return True
    raise FileExistsError(
        f'{out} holds something else, or was made from other files or by '
        f'another version. Delete it or choose another name'
    )


def _counts(metas: List[Dict]) -> Dict[str, Any]:
    dropped: Dict[str, int] = {}
    for meta in metas:
        for reason, count in meta['dropped'].items():
            dropped[reason] = dropped.get(reason, 0) + count
    return {
        'counts': {
            'read': sum(meta['read'] for meta in metas),
            'dropped': dropped,
            'rows': sum(meta['rows'] for meta in metas),
        },
        'parts': [
            {
                'input': meta['origin']['input']['path'],
                **{k: meta[k] for k in ('read', 'dropped', 'rows', 'notes')},
            }
            for meta in metas
        ],
    }


def _write(
    converter: DatasetConverter, jobs: List[_Job], manifest: Dict, out: Path
) -> None:
    """Join the parts; the manifest goes first, the annotations last."""
    counts = manifest['counts']
    if not counts['rows']:
        raise ConversionError(
            f'{converter.root}: no person is left of {counts["read"]}; left '
            f'out: {counts["dropped"]}'
        )
    arrays = {
        **_join(jobs),
        'format': np.array(ANNOTATION_FORMAT),
        'body_model_id': np.array(manifest['origin']['body_model_id']),
    }
    text = json.dumps(manifest, indent=1, sort_keys=True)
    with replace_when_complete(out) as draft:
        with draft.open('wb') as file:
            np.savez(file, **arrays)
        AnnotationFile(draft)
        with replace_when_complete(manifest_path(out)) as draft_manifest:
            draft_manifest.write_text(text + '\n')
    print_log(
        f'\n{converter.name} {converter.split}: {counts["rows"]} of '
        f'{counts["read"]} people; left out: {counts["dropped"] or "none"}'
    )


def _join(jobs: List[_Job]) -> Dict[str, np.ndarray]:
    parts = []
    for job in jobs:
        with np.load(job.part) as part:
            columns = {key: part[key] for key in part.files if key != _META}
        if len(columns['img_path']):
            parts.append(columns)
    return Rows.join(Rows(**part) for part in parts).columns
