"""Measure how long it takes to score stored predictions of 3DPW's test split.

Random bodies stand for 35,515 ground truths and predictions; both are posed,
and everything that the dump holds is measured, on as many threads as there
are cores.

    python tools/analysis_tools/benchmark_evaluation.py
"""

import argparse
import resource
import time

import numpy as np
import torch

from mmbopr.body_models import GenderedSMPL
from mmbopr.evaluation import score_predictions, summarize
from mmbopr.utils.rotation import axis_angle_to_matrix


def random_bodies(count: int) -> dict:
    """Ground truths and predictions near them, as ``score_predictions`` has
    them."""
    rng = np.random.default_rng(0)
    pose = rng.normal(0, 0.3, (count, 24, 3)).astype(np.float32)
    betas = rng.normal(0, 1, (count, 10)).astype(np.float32)
    noise = rng.normal(0, 0.1, pose.shape).astype(np.float32)
    return dict(
        pose=pose,
        betas=betas,
        gender=rng.integers(0, 2, count),
        pred_pose_rotmat=axis_angle_to_matrix(torch.from_numpy(pose + noise)),
        pred_betas=np.zeros_like(betas),
    )


def main() -> None:
    """Score, and print seconds and memory."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--num-samples', type=int, default=35515)
    parser.add_argument(
        '--body-model', default='open', help="folder of SMPL files, or 'open'"
    )
    parser.add_argument('--batch-size', type=int, default=64)
    args = parser.parse_args()
    body_model = GenderedSMPL(args.body_model)
    bodies = random_bodies(args.num_samples)
    start, cpu_start = time.perf_counter(), time.process_time()
    dump = score_predictions(body_model, **bodies, batch_size=args.batch_size)
    metrics = summarize(dump)
    seconds = time.perf_counter() - start
    cpu_seconds = time.process_time() - cpu_start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f'{len(dump)} samples in {seconds:.1f} s ({cpu_seconds:.1f} s of CPU '
        f'time, {torch.get_num_threads()} threads), '
        f'{1e3 * seconds / len(dump):.2f} ms each; peak memory {peak:.2f} GB'
    )
    print({key: round(value, 1) for key, value in metrics.items()})


if __name__ == '__main__':
    main()
