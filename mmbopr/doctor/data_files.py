"""Annotation files, their manifests and pictures."""

import json
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Type

import numpy as np
from mmengine.config import Config
from mmengine.fileio import join_path

from mmbopr.datasets import (
    AnnotationError,
    AnnotationFile,
    BodyMeshDataset,
)
from mmbopr.datasets.converters import DatasetConverter
from mmbopr.datasets.converters.manifest import manifest_path
from mmbopr.engine.config_check import components
from mmbopr.evaluation import build_protocol
from mmbopr.evaluation.provenance import mesh_metrics
from mmbopr.registry import DATASETS

from .finding import Finding, describe_file

PHASES = ('train', 'val', 'test')
_PICTURES = 1000  # looked for in each data set


def data_sets(cfg: Config, phase: str) -> Iterator[dict]:
    """Configs of the annotated data sets of a phase, mixtures opened."""
    loader = cfg.get(f'{phase}_dataloader') or {}
    for _, component in components(dict(loader), ''):
        cls = DATASETS.get(component['type'])
        if isinstance(cls, type) and issubclass(cls, BodyMeshDataset):
            yield component


def annotation_path(dataset: dict) -> Path:
    """Where the annotation file of a data set must be."""
    return Path(join_path(dataset.get('data_root', ''), dataset['ann_file']))


def find_data(cfg: Config) -> Dict[str, List[Finding]]:
    """By phase: annotation files, pictures and the sizes of the subsets."""
    files: Dict[Path, List[Finding]] = {}
    findings: Dict[str, List[Finding]] = {}
    for phase in PHASES:
        found = findings.setdefault(phase, [])
        for dataset in data_sets(cfg, phase):
            path = annotation_path(dataset)
            if path not in files:
                files[path] = _find_files(dataset, path)
            found += files[path]
            if files[path][0].good:
                found.append(_find_rows(cfg, dataset, phase))
    return findings


def _find_files(dataset: dict, path: Path) -> List[Finding]:
    """An annotation file, and the pictures that it is about."""
    annotations = _find_annotations(dataset, path)
    if not annotations.good:
        return [annotations]
    return [annotations, _find_pictures(dataset, path)]


def converter_of(dataset: dict) -> Optional[Type[DatasetConverter]]:
    """The converter that writes what a data set reads, if it is one's."""
    cls = DATASETS.get(dataset['type'])
    name = getattr(cls, 'NAME', None)
    return next((x for x in _converters() if x.name == name), None)


def _converters(
    base: Type[DatasetConverter] = DatasetConverter,
) -> Iterator[Type[DatasetConverter]]:
    for converter in base.__subclasses__():
        yield from _converters(converter)
        if hasattr(converter, 'name'):
            yield converter


def _find_annotations(dataset: dict, path: Path) -> Finding:
    what = f'annotations {path}'
    if not path.is_file():
        return Finding(what, False, remedy=_how_to_convert(dataset, path))
    try:
        annotations = AnnotationFile(str(path))
    except AnnotationError as error:
        return Finding(what, False, describe_file(path), str(error))
    rows = len(annotations)
    details = f'{describe_file(path)}, {rows:,} rows'
    manifest = manifest_path(path)
    if not manifest.is_file():
        return Finding(what, True, f'{details}, no manifest')
    counts = _read_counts(manifest)
    if counts.get('rows') != rows:
        return Finding(
            what,
            False,
            details,
            f'{manifest} is about {counts.get("rows")} rows: file and '
            f'manifest do not belong together. '
            f'{_how_to_convert(dataset, path)}',
        )
    left_out = counts.get('dropped') or 'none'
    return Finding(
        what,
        True,
        f'{details}, as its manifest says ({counts["read"]:,} read, left '
        f'out: {left_out})',
    )


def _read_counts(manifest: Path) -> dict:
    """Empty if the manifest is not one."""
    try:
        return json.loads(manifest.read_text())['counts']
    except (ValueError, KeyError):
        return {}


def _how_to_convert(dataset: dict, path: Path) -> str:
    converter = converter_of(dataset)
    if converter is None:
        return (
            'Convert the data set with one of tools/dataset_converters/ '
            '(make_open_people.py makes people that need no download), or '
            'correct data_root and ann_file'
        )
    # The most special split that the name of the file has in it.
    words = path.stem.split('_')
    split = next(
        (x for x in reversed(converter.splits) if x in words),
        converter.splits[0],
    )
    tool = converter.tool or converter.name
    root = dataset.get('data_root') or '.'
    return (
        f'Get the data set from {converter.page}, put it into {root} and '
        f'run: python tools/dataset_converters/{tool}.py {root} '
        f'--split {split} --out {path}'
    )


def _find_pictures(dataset: dict, path: Path) -> Finding:
    names = AnnotationFile(str(path)).columns['img_path']
    rows = np.linspace(0, len(names) - 1, min(_PICTURES, len(names)))
    names = np.unique(names[rows.round().astype(int)])
    folder = join_path(
        dataset.get('data_root', ''),
        dataset.get('data_prefix', {}).get('img', ''),
    )
    lost = [name for name in names if not Path(folder, name).is_file()]
    converter = converter_of(dataset)
    source = f' from {converter.page}' if converter else ''
    return Finding(
        f'pictures in {folder or "."}',
        not lost,
        f'{len(names) - len(lost):,} of {len(names):,} that were looked for '
        'are there',
        f'{Path(folder, lost[0])} is missing, for one. Get the pictures'
        f'{source} and put them there; upper and lower case matter'
        if lost
        else '',
    )


def _expected_counts(cfg: Config, phase: str) -> Dict[str, int]:
    """Number of samples by name of the protocol, where it is known."""
    counts = {}
    for metric in mesh_metrics(cfg, phase):
        protocol = build_protocol(metric.get('protocol'))
        if protocol.expected_count is not None:
            counts[protocol.name] = metric.get(
                'acknowledged_count', protocol.expected_count
            )
    return counts


def _find_rows(cfg: Config, dataset: dict, phase: str) -> Finding:
    """How many samples the phase has of a data set."""
    expected = _expected_counts(cfg, phase)
    subset = dataset.get('subset')
    what = f'{phase}: {annotation_path(dataset)}'
    what += f', subset {subset}' if subset else ''
    try:
        built = DATASETS.build({**dataset, 'pipeline': [], 'lazy_init': False})
    except (AnnotationError, ValueError) as error:
        return Finding(what, False, remedy=str(error))
    count = len(built)
    wrong = {k: v for k, v in expected.items() if v != count}
    remedy = '; '.join(
        f'protocol {name} expects {wanted:,}: choose another subset or '
        f'protocol, convert the whole data set, or say '
        f'acknowledged_count={count}'
        for name, wanted in wrong.items()
    )
    known = ', as '.join(['', *(f'{x} expects' for x in expected)])
    return Finding(
        what, not wrong, f'{count:,} samples{"" if wrong else known}', remedy
    )
