"""Look at the samples of a config, with all that they supervise.

Writes a picture a sample and a page, ``index.html``, with all of them: key
points (the fainter, the less confident), the annotated mesh by the body of
the row's gender, part map and relative depth as the model's target builder
makes them::

    python tools/misc/browse_dataset.py CONFIG --output-dir OUT
    python tools/misc/browse_dataset.py CONFIG --phase val --mode original

``--mode transformed`` shows samples as the model gets them, ``original`` as
they are in the files, ``pipeline`` also what every transform makes of them.
Of a mixture, every data set gets a folder and a section of its own.
"""

import argparse
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import mmcv
import numpy as np
from mmengine.runner import set_random_seed
from mmengine.utils import track_iter_progress
from mmengine.visualization import Visualizer

from mmbopr.datasets import BodyMeshDataset
from mmbopr.datasets.browsing import MODES
from mmbopr.datasets.leaves import leaf_datasets
from mmbopr.engine.config_check import open_config
from mmbopr.engine.launch import plain_errors
from mmbopr.registry import DATASETS
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.cfg_options import add_cfg_options
from mmbopr.utils.display import has_display
from mmbopr.visualization.figures import (
    new_figure,
    save_figure,
    show_pictures,
)
from mmbopr.visualization.report import Person, gallery, render_page, section
from mmbopr.visualization.sample_view import SampleViewer, describe_sample

COLUMNS = 7


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line; options are called as in MMPose."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config of data and model')
    parser.add_argument(
        '--output-dir',
        type=Path,
        help='default: work_dirs/browse/NAME_OF_THE_CONFIG/PHASE',
    )
    parser.add_argument(
        '--phase', choices=['train', 'val', 'test'], default='train'
    )
    parser.add_argument(
        '--mode',
        choices=list(MODES),
        default='transformed',
    )
    parser.add_argument(
        '--max-item-per-dataset',
        '--num',
        dest='num',
        type=int,
        default=16,
        help='samples of each data set, spread over its rows (default: 16)',
    )
    parser.add_argument(
        '--seed', type=int, default=0, help='of the augmentations'
    )
    parser.add_argument(
        '--not-show',
        action='store_true',
        help='open no windows, even if there is a display',
    )
    parser.add_argument(
        '--show-interval',
        type=float,
        default=2,
        help='seconds to show a window (default: 2)',
    )
    add_cfg_options(parser)
    args = parser.parse_args(argv)
    if args.num < 1:
        parser.error(f'--num must be at least 1, found {args.num}')
    return args


def draw_sample(
    viewer: SampleViewer, dataset: BodyMeshDataset, row: int, mode: str
) -> Person:
    """All pictures of a sample."""
    data, pictures = MODES[mode](dataset, row)
    panels = viewer.draw(data['inputs'], data['data_samples'])
    return Person(*describe_sample(data['data_samples']), pictures | panels)


# --- data sets
def name_datasets(datasets: List[BodyMeshDataset]) -> Dict:
    """By the name that the sampler knows them by; a number tells namesakes
    apart."""
    named = {}
    for dataset in datasets:
        name = dataset.metainfo['dataset_name']
        taken = sum(x.split(' ')[0] == name for x in named)
        named[f'{name} {taken + 1}' if taken else name] = dataset
    return named


def spread_rows(
    datasets: Dict[str, BodyMeshDataset], num: int
) -> List[Tuple[str, int]]:
    """(Name, row) of the samples to draw."""
    return [
        (name, int(row))
        for name, dataset in datasets.items()
        for row in np.unique(
            np.linspace(0, len(dataset) - 1, min(num, len(dataset))).round()
        )
    ]


def draw_all(
    viewer: SampleViewer, datasets: Dict, args: argparse.Namespace
) -> Iterator[Tuple[str, int, Person]]:
    """Draw samples one by one, with a progress bar."""
    for name, row in track_iter_progress(spread_rows(datasets, args.num)):
        yield name, row, draw_sample(viewer, datasets[name], row, args.mode)


def save_sample(person: Person, path: Path) -> None:
    """One picture with all that there is of a sample."""
    rows = -(-len(person.pictures) // COLUMNS)
    figure, (band,) = new_figure([2.4 * rows], person.title)
    show_pictures(band, person.pictures, COLUMNS)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_figure(figure, path)


def build_page(people: Dict[str, List[Person]], sizes: Dict, args) -> str:
    """All samples, a section for each data set."""
    sections = [
        section(
            name,
            f'{len(drawn)} of {sizes[name]} samples. Key points: rings are '
            "OpenPose's, dots J24; the subject's left is red, the right "
            'blue; the fainter, the less confident. RD: signed distance of '
            'every part to a plane of the torso, red on the side that is '
            'named, blue on the other.',
            gallery(drawn),
        )
        for name, drawn in people.items()
    ]
    return render_page(
        f'{args.phase} samples, {args.mode}',
        Path(args.config).name,
        sections,
        made_by='tools/misc/browse_dataset.py',
    )


def main(argv=None) -> None:
    """Draw, and write pictures and page."""
    args = parse_args(argv)
    cfg = open_config(args.config, args.cfg_options)
    set_random_seed(args.seed)
    datasets = name_datasets(
        leaf_datasets(DATASETS.build(cfg[f'{args.phase}_dataloader'].dataset))
    )
    viewer = SampleViewer.from_model(cfg.model)
    out = args.output_dir or Path(
        'work_dirs/browse', Path(args.config).stem, args.phase
    )
    window = None
    if has_display() and not args.not_show:
        window = Visualizer.get_instance('browse_dataset')
    people = {name: [] for name in datasets}
    for name, row, person in draw_all(viewer, datasets, args):
        path = out / name.replace('/', '_') / f'{row:06d}.png'
        save_sample(person, path)
        people[name].append(person)
        if window is not None:
            picture = mmcv.imread(path, channel_order='rgb')
            window.show(picture, person.title, args.show_interval)
    sizes = {name: len(dataset) for name, dataset in datasets.items()}
    with replace_when_complete(out / 'index.html') as temporary:
        temporary.write_text(build_page(people, sizes, args), 'utf-8')
    print(f'\nWrote {out / "index.html"}')


if __name__ == '__main__':
    with plain_errors():
        try:
            main()
        except (OSError, TypeError, ValueError) as error:
            # Below the progress bar.
            raise SystemExit(f'\nerror: {error}') from None
