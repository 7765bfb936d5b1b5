"""A config whose files are made up: people, pictures and the open body."""

from pathlib import Path

import numpy as np
from mmengine.config import Config

from mmbopr.datasets.datasets.human36m_mesh_dataset import FRONTAL_CAMERA
from mmbopr.engine.config_check import components
from mmbopr.evaluation.provenance import mesh_metrics
from mmbopr.registry import DATASETS
from mmbopr.testing.people import make_people

from .data_files import PHASES, data_sets
from .dry_run import BATCH

_PEOPLE = 6
_REPEATS = 10  # rows, so that every subset fills a batch
_OCCLUSIONS = (0.05, 0.2, 0.4, 0.6, 0.8)  # one in each of AGORA's bands
_SPLITS = ('train', 'validation', 'test')
# In every subset of 3DPW; and the camera of Human3.6M's protocol 2.
_SEQUENCE, _FRAME = 'courtyard_basketball_00', 200
_SEQUENCES = {'h36m': f'S9_Walking.{FRONTAL_CAMERA}'}


def with_made_up_files(cfg: Config, folder: Path) -> Config:
    """A copy of a config that needs no file.

    Bodies are the open one, data sets hold stick figures, batches have two
    samples, data are loaded without workers, no checkpoint is loaded, and
    all that is written goes to ``folder``.  The rest stays as it is.

    Args:
        cfg: The config.
        folder: Where the people are; made there if they are not.

    Returns:
        Config: With the same ``filename``.
    """
    content = cfg.to_dict()
    for _, component in components(content, ''):
        if 'model_path' in component:
            component['model_path'] = 'open'
    for phase in PHASES:
        loader = content.get(f'{phase}_dataloader')
        if not loader:
            continue
        loader.update(
            batch_size=BATCH, num_workers=0, persistent_workers=False
        )
        loader.pop('prefetch_factor', None)
    content.update(load_from=None, resume=False, work_dir=str(folder))
    # Runs write their config down; to lay it out takes a second each time.
    moved = Config(content, filename=cfg.filename, format_python_code=False)
    for phase in PHASES:
        for dataset in data_sets(moved, phase):
            name = getattr(DATASETS.get(dataset['type']), 'NAME', '')
            dataset.update(
                data_root=str(folder),
                ann_file=_annotations(folder, name),
                data_prefix=dict(img=''),
                body_model_id=None,
            )
            if phase != 'train':
                dataset['indices'] = BATCH
        for metric in mesh_metrics(moved, phase):
            metric.update(acknowledged_count=BATCH, dump_path=None)
    return moved


def _annotations(folder: Path, name: str) -> str:
    """Rows that pass for those of an official data set.

    Args:
        folder: Where the people are.
        name: Of the data set; '' for one of no name.

    Returns:
        str: Name of the file in the folder.
    """
    path = folder / f'{name or "unnamed"}.npz'
    if path.is_file():
        return path.name
    people = folder / 'people.npz'
    if not people.is_file():
        make_people(folder, _PEOPLE, image_size=(160, 120))
    rows = np.arange(_PEOPLE * _REPEATS)
    with np.load(people) as file:
        columns = {
            key: value[rows % _PEOPLE] if value.ndim else value
            for key, value in file.items()
        }
    columns.update(
        dataset=np.full(len(rows), name or 'unnamed'),
        split=np.array(_SPLITS)[rows % len(_SPLITS)],
        seq=np.full(len(rows), _SEQUENCES.get(name, _SEQUENCE)),
        frame=_FRAME + rows,
        kid=rows % 2 == 0,
        occlusion=np.float32(_OCCLUSIONS)[rows % len(_OCCLUSIONS)],
    )
    np.savez(path, **columns)
    return path.name
