"""Draw figure 4 of the paper: attention, and what the body reference does.

Draws one picture a person into ``OUT``: the input, the attention maps, the
mesh, and the mesh when the body reference feature is zeroed::

    python tools/analysis_tools/visualize_attention.py CONFIG CHECKPOINT \\
        --img FOLDER_OR_FILES --out OUT

Without ``--img``, people of the config's test set are drawn.  With
``--evaluate``, the errors on that test set with and without the feature are
printed and written to ``OUT/body_reference.json``.
"""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

import cv2
import numpy as np
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.runner import Runner
from mmengine.utils import track_iter_progress
from mmpose.structures import PoseDataSample
from torch import nn

from mmbopr.apis import find_pictures, init_model, load_person
from mmbopr.engine.launch import plain_errors
from mmbopr.evaluation.body_reference import (
    measure_body_reference,
    without_body_reference,
)
from mmbopr.evaluation.provenance import describe_files, find_mesh_metric
from mmbopr.models import KeypointPromptBARHead
from mmbopr.registry import DATASETS
from mmbopr.structures.predictions import MissingFeatureError
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.cfg_options import add_cfg_options
from mmbopr.visualization.attention_figure import attention_figure
from mmbopr.visualization.figures import save_figure

PRINTED = ('MPJPE', 'PA-MPJPE', 'PVE')


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config of the model')
    parser.add_argument('checkpoint', help='trained weights')
    parser.add_argument('--out', required=True, help='folder to write to')
    parser.add_argument(
        '--img', nargs='+', help='pictures, or folders of pictures'
    )
    add_person_arguments(parser)
    parser.add_argument(
        '--num',
        type=int,
        help='most people to draw; by default all of --img, or 8 spread '
        'over the test set',
    )
    parser.add_argument(
        '--evaluate',
        action='store_true',
        help='measure the test set with and without the feature',
    )
    parser.add_argument('--device', default='cpu')
    add_cfg_options(parser)
    args = parser.parse_args(argv)
    if args.num is not None and args.num < 1:
        parser.error(f'--num must be at least 1, found {args.num}')
    for name in ('bbox', 'K', 'keypoints'):
        if getattr(args, name) and not args.img:
            parser.error(f'--{name} belongs to the pictures of --img')
    return args


def add_person_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what may be known of the people in ``--img``."""
    parser.add_argument(
        '--bbox',
        nargs=4,
        type=float,
        metavar=('X', 'Y', 'W', 'H'),
        help='box of the person in --img, with a margin; the whole picture '
        'by default',
    )
    parser.add_argument(
        '--K',
        nargs=4,
        type=float,
        metavar=('FX', 'FY', 'CX', 'CY'),
        help='intrinsics of the pictures in --img, pixels; by default the '
        'diagonal is the focal length',
    )
    parser.add_argument(
        '--keypoints',
        metavar='F.json',
        help='COCO key points that a KeypointPromptBARHead is told: the name '
        'of a picture in --img -> 17 times [x, y, confidence], pixels',
    )


def read_keypoints(file: Optional[str], paths: List[Path]) -> Dict[str, list]:
    """Key points by the name of their picture; every name must be one."""
    if file is None:
        return {}
    try:
        keypoints = dict(json.loads(Path(file).read_text()))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f'{file}: expected a JSON object from names of pictures to key '
            f'points, found something else ({error})'
        ) from None
    unknown = sorted(keypoints.keys() - {path.name for path in paths})
    if unknown:
        raise ValueError(f'{file}: {unknown} are no pictures of --img')
    return keypoints


def read_people(
    cfg: Config, args: argparse.Namespace
) -> Tuple[Iterator[Tuple[str, dict]], int]:
    """Names and inputs of the people to draw, and how many they are."""
    dataset_cfg = cfg.test_dataloader.dataset
    if args.img:
        paths = find_pictures(args.img)
        keypoints = read_keypoints(args.keypoints, paths)
        paths = paths[: args.num]
        load = partial(
            load_person,
            Compose(dataset_cfg.pipeline),
            bbox=args.bbox,
            K=args.K,
        )
        people = (
            (
                f'{i:03d}_{path.stem}',
                load(path, keypoints=keypoints.get(path.name)),
            )
            for i, path in enumerate(paths)
        )
        return people, len(paths)
    dataset = DATASETS.build(dataset_cfg)
    count = min(args.num or 8, len(dataset))
    rows = np.linspace(0, len(dataset) - 1, count).round().astype(int)
    people = ((f'{row:05d}', dataset[int(row)]) for row in rows)
    return people, count


def predict_without(model: nn.Module, batch: dict) -> Optional[PoseDataSample]:
    """Without the body reference; None from a model that has none."""
    try:
        with without_body_reference(model):
            return model.test_step(batch)[0]
    except MissingFeatureError:
        return None


def draw_people(model: nn.Module, args: argparse.Namespace, out: Path) -> None:
    """Write one picture a person."""
    people, count = read_people(model.cfg, args)
    for name, data in track_iter_progress((people, count)):
        batch = pseudo_collate([data])
        full = model.test_step(batch)[0]
        figure = attention_figure(
            cv2.imread(full.img_path)[..., ::-1],
            full,
            model.body_model.faces,
            predict_without(model, batch),
            title=f'{Path(args.config).stem}: {Path(full.img_path).name}',
        )
        save_figure(figure, out / f'{name}.png')


def evaluate(model: nn.Module, args: argparse.Namespace, out: Path) -> None:
    """Print and write the errors with and without the feature."""
    cfg = model.cfg
    result = measure_body_reference(
        model,
        Runner.build_dataloader(cfg.test_dataloader),
        find_mesh_metric(cfg),
        describe_files(cfg, args.checkpoint),
        out,
    )
    print(f'{"mm":10s} {"full":>8s} {"without":>8s} {"change":>8s}')
    for key in PRINTED:
        print(
            f'{key:10s} {result["full"][key]:8.2f} '
            f'{result["without_body_reference"][key]:8.2f} '
            f'{result["difference"][key]:+8.2f}'
        )
    path = out / 'body_reference.json'
    with replace_when_complete(path) as temporary:
        temporary.write_text(json.dumps(result, indent=2) + '\n')
    print(f'Wrote {path}; protocol: {json.dumps(result["protocol"])}')


def main(argv=None) -> None:
    """Draw, and measure if asked to."""
    args = parse_args(argv)
    out = Path(args.out)
    model = init_model(
        args.config,
        args.checkpoint,
        args.device,
        {**(args.cfg_options or {}), 'model.test_cfg.output_attention': True},
    )
    if args.keypoints and not isinstance(model.head, KeypointPromptBARHead):
        raise SystemExit(
            f'error: {args.config}: only a KeypointPromptBARHead reads '
            f'--keypoints, found {type(model.head).__name__}'
        )
    try:
        draw_people(model, args, out)
        if args.evaluate:
            evaluate(model, args, out)
    except (OSError, ValueError) as error:
        # Below the progress bar.
        raise SystemExit(f'\nerror: {error}') from None
    print(f'Pictures are in {out}')


if __name__ == '__main__':
    with plain_errors():
        main()
