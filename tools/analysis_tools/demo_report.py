"""Make a page that shows what a trained model does.

Writes ``index.html`` (errors beside the mean body's, training curves, a
gallery of test people) and ``metrics.json``::

    python tools/analysis_tools/demo_report.py CONFIG CHECKPOINT \\
        --dump DUMP.npz --work-dir WORK_DIR --out OUT_DIR

``DUMP.npz`` is what ``tools/test.py CONFIG CHECKPOINT --dump`` wrote.
"""

import argparse
import json
from pathlib import Path
from typing import Dict, List, Tuple

import cv2
import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from torch import nn

from mmbopr.apis import init_model
from mmbopr.datasets.leaves import leaf_datasets
from mmbopr.engine.config_check import ConfigError, open_config
from mmbopr.engine.launch import plain_errors
from mmbopr.evaluation import (
    EvaluationDump,
    read_dump,
    sample_metrics,
    score_predictions,
    summarize,
)
from mmbopr.evaluation.comparison import check_protocols
from mmbopr.evaluation.functional import mean_body
from mmbopr.evaluation.provenance import find_mesh_metric
from mmbopr.registry import DATASETS
from mmbopr.utils.cfg_options import add_cfg_options
from mmbopr.visualization.person_pictures import draw_person
from mmbopr.visualization.report import (
    Person,
    gallery,
    metric_cards,
    metric_tables,
    protocol_note,
    render_page,
    section,
    training_charts,
)
from mmbopr.visualization.training_log import read_training_log

_SHEET_ROWS = 4  # people in the picture of a few


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('config', help='config of the model')
    parser.add_argument('checkpoint', help='trained weights')
    parser.add_argument('--dump', required=True, help='of tools/test.py')
    parser.add_argument('--work-dir', required=True, help='of tools/train.py')
    parser.add_argument('--out', required=True, help='folder to write to')
    parser.add_argument('--num-people', type=int, default=12)
    parser.add_argument('--device', default='cpu')
    add_cfg_options(parser)
    return parser.parse_args(argv)


def training_mean_body(dataset) -> Tuple[np.ndarray, np.ndarray]:
    """Mean pose (24, 3, 3) and betas (10,) of rows that have a body."""
    poses, betas = [], []
    for leaf in leaf_datasets(dataset):
        columns, rows = leaf.annotations.columns, np.asarray(leaf.data_list)
        rows = rows[columns['has_smpl'][rows]]
        poses.append(columns['pose'][rows])
        betas.append(columns['betas'][rows])
    return mean_body(np.concatenate(poses), np.concatenate(betas))


def score_mean_body(
    cfg: Config, test_set, dump: EvaluationDump, body_model: nn.Module
) -> Dict[str, float]:
    """Errors of answering every test person with the mean training body.

    They are of the config's protocol.

    Raises:
        ValueError: If the dump is of another protocol.
    """
    train_set = DATASETS.build(cfg.train_dataloader.dataset)
    pose, betas = training_mean_body(train_set)
    columns = test_set.annotations.columns
    rows = np.asarray(test_set.data_list)[dump.sample_idx]
    scores = score_predictions(
        body_model,
        columns['pose'][rows],
        columns['betas'][rows],
        columns['gender'][rows],
        pose,
        betas,
        protocol=find_mesh_metric(cfg).get('protocol'),
        seq=dump.seq,
    )
    check_protocols(dump.protocol, scores.protocol)
    return summarize(scores)


def spread_over_errors(errors: np.ndarray, count: int) -> np.ndarray:
    """Rows at even steps from the lowest to the highest error.

    Args:
        errors: (N,).
        count: How many, at most N.

    Returns:
        np.ndarray: Row numbers, by increasing error; ties by row.
    """
    order = np.argsort(errors, kind='stable')
    count = min(count, len(order))
    return order[np.linspace(0, len(order) - 1, count).round().astype(int)]


@torch.no_grad()
def show_people(
    model: nn.Module, test_set, dump: EvaluationDump, count: int
) -> List[Person]:
    """Predict again and draw people spread over the errors."""
    metrics = sample_metrics(dump)
    errors = metrics['MPJPE']
    people = []
    for row in spread_over_errors(errors, count):
        sample = test_set[int(dump.sample_idx[row])]
        result = model.test_step(pseudo_collate([sample]))[0]
        image = cv2.imread(result.img_path)[..., ::-1]
        rank = 1 + int((errors < errors[row]).sum())
        people.append(
            Person(
                f'MPJPE {errors[row]:.1f} mm',
                ' · '.join(
                    [
                        f'PA-MPJPE {metrics["PA-MPJPE"][row]:.1f}',
                        f'PVE {metrics["PVE"][row]:.1f}',
                        f'rank {rank} of {len(dump)}',
                        describe_occlusion(dump.occlusion[row]),
                        Path(result.img_path).name,
                    ]
                ),
                draw_person(image, result, model.body_model),
            )
        )
    return people


def contact_sheet(people: List[Person]) -> np.ndarray:
    """A few people from best to worst, one a row, as one RGB picture.

    Only views that every one of them has are shown.
    """
    steps = np.linspace(0, len(people) - 1, min(_SHEET_ROWS, len(people)))
    chosen = [people[i].pictures for i in steps.round().astype(int)]
    views = [v for v in chosen[0] if all(v in p for p in chosen)]
    return np.vstack([np.hstack([p[v] for v in views]) for p in chosen])


def describe_occlusion(fraction: float) -> str:
    """In words, also of an unknown one."""
    if np.isnan(fraction):
        return 'occlusion unknown'
    return f'{fraction:.0%} occluded'


def build_page(args, dump, metrics, people) -> str:
    """The report as HTML."""
    predicted, baseline = metrics['prediction'], metrics['mean_body']
    log = read_training_log(args.work_dir)
    sections = [
        section(
            'Errors',
            f'Means over {len(dump)} test people, in millimetres; lower is '
            'better. The mean body answers every picture with the mean pose '
            'and shape of the training set.',
            metric_cards(predicted, baseline),
        ),
        section(
            'In detail',
            'By axis (z is depth) and by body part, left and right pooled.',
            metric_tables({'Mean body': baseline, 'Prediction': predicted}),
            protocol_note(dump.protocol),
        ),
        section(
            'Training',
            'As logged; resumed runs are joined by step.',
            training_charts(log, baseline),
        ),
        section(
            'People',
            f'{len(people)} test people at even steps of the sorted errors, '
            'from the best to the worst of all: chosen by rank, not by '
            'looks. Blue is the prediction, yellow the ground truth; side '
            "views look from the picture's right. Attention maps are each "
            'scaled to their maximum.',
            gallery(people),
        ),
    ]
    subtitle = f'{Path(args.config).name} · {Path(args.checkpoint).name}'
    return render_page('What the model does', subtitle, sections)


def main(argv=None) -> None:
    """Write the report."""
    args = parse_args(argv)
    cfg = open_config(args.config, args.cfg_options)
    dump = read_dump(args.dump)
    if dump.protocol.get('gt_source', 'smpl') != 'smpl':
        raise ConfigError(
            f'{args.dump}: scored without meshes, under protocol '
            f'{dump.protocol.get("name")!r}, but the page shows their errors; '
            'test on a data set with annotated bodies'
        )
    model = init_model(
        cfg,
        args.checkpoint,
        args.device,
        {'model.test_cfg.output_attention': True},
    )
    test_set = DATASETS.build(cfg.test_dataloader.dataset)
    metrics = {
        'mean_body': score_mean_body(cfg, test_set, dump, model.body_model),
        'prediction': summarize(dump),
    }
    people = show_people(model, test_set, dump, args.num_people)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / 'metrics.json').write_text(json.dumps(metrics, indent=2) + '\n')
    page = build_page(args, dump, metrics, people)
    (out / 'index.html').write_text(page, encoding='utf-8')
    sheet = contact_sheet(people)
    cv2.imwrite(str(out / 'gallery.jpg'), sheet[..., ::-1])
    print(f'Wrote {out / "index.html"} and {out / "metrics.json"}')


if __name__ == '__main__':
    with plain_errors():
        main()
