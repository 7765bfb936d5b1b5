"""Score another method's predictions, and write a dump as tools/test.py does.

    python tools/score_predictions.py PREDICTIONS.npz --protocol pw3d_test \\
        --ann-file data/3dpw/all.npz --split test --dump DUMP.npz

PREDICTIONS.npz holds pose (N, 24, 3) as axis-angle, or pose_rotmat
(N, 24, 3, 3), with the root in the camera frame, and betas (N, 10), of the
neutral body; optionally sample_idx (N,), method and body_model_id. Rows are
those of the annotation file, of the split only if one is given. Predictions
that are not finite count as failed.
"""

import argparse
import json
from pathlib import Path

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets.annotations import AnnotationFile
from mmbopr.evaluation import (
    EvaluationDump,
    drop_failures,
    summarize,
    write_dump,
)
from mmbopr.evaluation.predictions import read_predictions, score_annotations
from mmbopr.utils.digest import sha256


def add_scoring_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what it takes to score predictions."""
    parser.add_argument('--ann-file', help='of the ground truth')
    parser.add_argument('--split', help='only its rows of this split')
    parser.add_argument('--protocol', help='name of the benchmark')
    parser.add_argument(
        '--body-model',
        default='data/body_models/smpl',
        help="folder of SMPL's files, or 'open'",
    )
    parser.add_argument(
        '--acknowledged-count',
        type=int,
        help="number of samples, if you know why it is not the benchmark's",
    )


def score_file(path: str, args: argparse.Namespace) -> EvaluationDump:
    """Score a file of predictions as the options say."""
    predictions = read_predictions(path)
    annotations = AnnotationFile(args.ann_file)
    body_model = GenderedSMPL(args.body_model)
    if annotations.body_model_id != body_model.body_model_id:
        raise ValueError(
            f'{args.ann_file}: rows are of body '
            f'{annotations.body_model_id!r}, but --body-model is '
            f'{body_model.body_model_id!r}'
        )
    facts = dict(
        dataset_name=annotations.dataset_name,
        ann_file=args.ann_file,
        data_sha256=sha256(Path(args.ann_file)),
    )
    if args.split:
        facts['split'] = args.split
    return score_annotations(
        predictions,
        annotations.columns,
        body_model,
        protocol=args.protocol,
        split=args.split,
        acknowledged_count=args.acknowledged_count,
        facts=facts,
    )


def main(argv=None) -> None:
    """Score, print the means and write the dump."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('predictions')
    add_scoring_arguments(parser)
    parser.add_argument('--dump', metavar='F.npz', required=True)
    args = parser.parse_args(argv)
    if args.ann_file is None:
        parser.error('--ann-file is needed')
    dump = score_file(args.predictions, args)
    write_dump(dump, args.dump)
    kept = drop_failures(dump)
    print(json.dumps(summarize(kept), indent=2))
    print(
        f'{len(kept)} samples, {kept.protocol["num_failed"]} failed: '
        f'{args.dump}'
    )


if __name__ == '__main__':
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
