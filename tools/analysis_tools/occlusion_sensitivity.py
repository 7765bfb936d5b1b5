"""Slide a grey square over people and record the error of every joint.

Works for every estimator of meshes::

    python tools/analysis_tools/occlusion_sensitivity.py CONFIG CHECKPOINT \\
        --num 16 --out OUT

Writes into ``OUT`` one picture a person and their mean, ``mean.png``; all
errors, ``occlusion_sensitivity.npz``; and a summary with the protocol,
``occlusion_sensitivity.json``.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from mmengine.dataset import BaseDataset
from mmengine.utils import track_iter_progress

from mmbopr.apis import init_model
from mmbopr.engine.launch import plain_errors
from mmbopr.evaluation.occlusion_grid import OcclusionGrid
from mmbopr.evaluation.occlusion_sensitivity import (
    OcclusionSensitivity,
    measure_occlusion_sensitivity,
)
from mmbopr.evaluation.provenance import describe_files
from mmbopr.registry import DATASETS
from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.cfg_options import add_cfg_options
from mmbopr.visualization.figures import save_figure
from mmbopr.visualization.occlusion_figure import occlusion_figure


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('config', help='config of the model')
    parser.add_argument('checkpoint', help='trained weights')
    parser.add_argument('--out', required=True, help='folder to write to')
    parser.add_argument(
        '--num',
        type=int,
        default=16,
        help='people, spread over the test set (default: 16)',
    )
    parser.add_argument(
        '--patch',
        type=int,
        metavar='PX',
        help='side of the square (default: a sixth of the crop)',
    )
    parser.add_argument(
        '--stride',
        type=int,
        metavar='PX',
        help='largest step of the square (default: half of it)',
    )
    parser.add_argument(
        '--batch-size',
        type=int,
        default=32,
        help='positions that go through the network at once (default: 32)',
    )
    parser.add_argument('--device', default='cpu')
    add_cfg_options(parser)
    args = parser.parse_args(argv)
    if args.num < 1:
        parser.error(f'--num must be at least 1, found {args.num}')
    return args


def read_crop(dataset: BaseDataset, row: int) -> np.ndarray:
    """(H, W, 3) uint8 RGB, what the network sees of a person."""
    inputs = dataset[row]['inputs'].flip(0)
    return np.ascontiguousarray(inputs.permute(1, 2, 0).numpy())


def draw(
    result: OcclusionSensitivity, dataset: BaseDataset, title: str, out: Path
) -> None:
    """Write a picture of every person and one of their mean."""
    crops = []
    for i, row in enumerate(track_iter_progress(result.sample_idx.tolist())):
        crops.append(read_crop(dataset, row))
        figure = occlusion_figure(
            crops[i],
            result.errors[i],
            result.baseline[i],
            result.grid,
            f'{title}: person {row}',
        )
        save_figure(figure, out / f'{row:05d}.png')
    figure = occlusion_figure(
        np.mean(crops, 0).astype(np.uint8),
        result.errors.mean(0),
        result.baseline.mean(0),
        result.grid,
        f'{title}: mean of {len(crops)} people',
    )
    save_figure(figure, out / 'mean.png')


def main(argv=None) -> None:
    """Measure, write and draw."""
    args = parse_args(argv)
    model = init_model(
        args.config, args.checkpoint, args.device, args.cfg_options
    )
    dataset = DATASETS.build(model.cfg.test_dataloader.dataset)
    count = min(args.num, len(dataset))
    rows = np.linspace(0, len(dataset) - 1, count).round().astype(int)
    size = read_crop(dataset, 0).shape[:2]
    patch = max(min(size) // 6, 1) if args.patch is None else args.patch
    stride = max(patch // 2, 1) if args.stride is None else args.stride
    try:
        grid = OcclusionGrid.cover(size, patch, stride)
    except ValueError as error:
        raise SystemExit(f'error: {error}') from None
    result = measure_occlusion_sensitivity(
        model,
        dataset,
        rows,
        grid,
        batch_size=args.batch_size,
        protocol=dict(
            **describe_files(model.cfg, args.checkpoint),
            input_size=size[::-1],
            stride=stride,
        ),
    )
    out = Path(args.out)
    result.write(out / 'occlusion_sensitivity.npz')
    summary = result.summarize()
    path = out / 'occlusion_sensitivity.json'
    with replace_when_complete(path) as temporary:
        temporary.write_text(json.dumps(summary, indent=2) + '\n')
    draw(result, dataset, Path(args.config).stem, out)
    print(
        f'MPJPE of {count} people: {summary["MPJPE"]:.1f} mm; with a square '
        f'of {patch} px it grows by {summary["mean_increase"]:.1f} mm in the '
        f'mean over its positions, by {summary["max_increase"]:.1f} mm at '
        f"each person's worst. Wrote {path} and pictures to {out}"
    )


if __name__ == '__main__':
    with plain_errors():
        main()
