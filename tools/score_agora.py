"""Score predictions for AGORA's validation split, as its server would.

    python tools/score_agora.py predictions.zip --root data/agora

predictions.zip, or a folder, is what the server takes (see
tools/agora_submission.py); data/agora holds the camera dataframes with SMPL
joints and vertices, validation_*_withjv.pkl.  F1, errors and errors divided
by F1 are those of all people, of adults and children, and by occlusion; every
group is charged with all false positives, as the server does for children.
"""

import argparse
import json

import numpy as np

from mmbopr.body_models import GenderedSMPL
from mmbopr.evaluation.agora_predictions import read_agora_predictions
from mmbopr.evaluation.agora_truth import read_agora_truth
from mmbopr.evaluation.functional import score_agora_groups
from mmbopr.utils.atomic import replace_when_complete

COLUMNS = ('F1', 'Precision', 'Recall', 'MPJPE', 'MVE', 'NMJE', 'NMVE',
           'num_matched', 'num_misses', 'num_false_positives')  # fmt: skip


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument('predictions', help='zip file or folder')
    parser.add_argument('--root', required=True, help='folder of AGORA')
    parser.add_argument('--split', default='validation')
    parser.add_argument('--body-model', default='data/body_models/smpl')
    parser.add_argument(
        '--body-vertices',
        metavar='F.npy',
        help="the server's 4,010 vertices, utils/body_verts_smpl.npy of "
        'agora_evaluation; all are compared by default',
    )
    parser.add_argument('--out', help='write the scores there (json)')
    return parser.parse_args(argv)


def print_scores(scores: dict) -> None:
    """A row a group; groups of nobody are left out."""
    print('| | ' + ' | '.join(COLUMNS) + ' |')
    print('| --- |' + ' ---: |' * len(COLUMNS))
    for name, row in scores.items():
        if row['num_matched'] + row['num_misses']:
            cells = ' | '.join(f'{row[column]:g}' for column in COLUMNS)
            print(f'| {name} | {cells} |')


def main(argv=None) -> None:
    """Score."""
    args = parse_args(argv)
    body_model = GenderedSMPL(args.body_model)
    chosen = np.load(args.body_vertices) if args.body_vertices else None
    pred = read_agora_predictions(args.predictions, body_model)
    truth = read_agora_truth(args.root, args.split)
    scores = score_agora_groups(
        pred, truth.people, truth.valid, truth.groups(), chosen
    )
    print()
    print_scores(scores)
    if chosen is None:
        print('All vertices were compared, where the server compares 4,010.')
    if args.out:
        with replace_when_complete(args.out) as temporary:
            temporary.write_text(json.dumps(scores, indent=2) + '\n')


if __name__ == '__main__':
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
