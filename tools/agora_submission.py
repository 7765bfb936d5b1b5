"""Make the zip that AGORA's evaluation server takes.

    python tools/test.py CONFIG CHECKPOINT --dump DUMP.npz
    python tools/agora_submission.py DUMP.npz --out predictions.zip

DUMP.npz is of predictions in SMPL, usually under the protocol agora_test.
With --detections, a JSON list of {"file_name", "bbox": [x, y, w, h],
"score"} in pixels of the same pictures, only people are kept whose crop lies
on a detection that scores at least --min-score.
"""

import argparse

import numpy as np

from mmbopr.body_models import GenderedSMPL
from mmbopr.evaluation import EvaluationDump, read_dump
from mmbopr.evaluation.agora_submission import write_submission
from mmbopr.evaluation.detections import detection_scores, read_detections
from mmbopr.evaluation.functional import finite_rows


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('dump', help='of tools/test.py --dump')
    parser.add_argument('--out', required=True, metavar='F.zip')
    parser.add_argument('--body-model', default='data/body_models/smpl')
    parser.add_argument('--detections', metavar='F.json')
    parser.add_argument('--min-score', type=float, default=0.0)
    return parser.parse_args(argv)


def keep(dump: EvaluationDump, rows: np.ndarray, why: str) -> EvaluationDump:
    """Some of the people; says how many are left out."""
    if not rows.all():
        print(f'{(~rows).sum()} of {len(rows)} people left out: {why}')
    return dump.select(rows)


def main(argv=None) -> None:
    """Write the zip."""
    args = parse_args(argv)
    dump = read_dump(args.dump)
    finite = finite_rows(dump.pred_pose) & finite_rows(dump.pred_betas)
    dump = keep(dump, finite, 'the prediction is not finite')
    if args.detections:
        scores = detection_scores(dump, read_detections(args.detections))
        detected = np.isfinite(scores)
        dump = keep(dump, detected, 'their crop lies on no detection')
        sure = scores[detected] >= args.min_score
        dump = keep(dump, sure, f'scores below {args.min_score}')
    body_model = GenderedSMPL(args.body_model)
    num_pictures = write_submission(dump, body_model, args.out)
    print(f'\nWrote {len(dump)} people in {num_pictures} pictures: {args.out}')


if __name__ == '__main__':
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
