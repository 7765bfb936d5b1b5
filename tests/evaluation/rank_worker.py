"""One of two ranks that evaluate a padded data set together."""

import json
import os
import time

import torch
import torch.distributed as dist
from mesh_fakes import META, FakeBody, make_samples, random_parameters
from mmengine.dataset import DefaultSampler
from mmengine.evaluator import Evaluator

from mmbopr.evaluation import HumanMeshMetric

NUM_SAMPLES = 5
BATCH_SIZE = 2


def evaluate(indices, dump_path):
    """Score the samples at ``indices`` of the toy data set."""
    body = FakeBody()
    gt = random_parameters(NUM_SAMPLES, seed=1)
    samples = make_samples(body, gt, random_parameters(NUM_SAMPLES, seed=2))
    evaluator = Evaluator(HumanMeshMetric(body, dump_path=dump_path))
    evaluator.dataset_meta = META
    for start in range(0, len(indices), BATCH_SIZE):
        batch = indices[start : start + BATCH_SIZE]
        evaluator.process([samples[i] for i in batch])
    return evaluator.evaluate(NUM_SAMPLES)


def run_rank(rank, world_size, folder):
    """Entry point of the process; writes ``metrics_{rank}.json``."""
    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), LOCAL_RANK=str(rank))
    store = dist.FileStore(os.path.join(folder, 'store'), world_size)
    dist.init_process_group(
        'gloo', store=store, rank=rank, world_size=world_size
    )
    sampler = DefaultSampler(range(NUM_SAMPLES), shuffle=False)
    dump_path = os.path.join(folder, 'two_ranks.npz')
    metrics = evaluate(list(sampler), dump_path)
    with open(os.path.join(folder, f'metrics_{rank}.json'), 'w') as file:
        json.dump(dict(metrics=metrics, indices=list(sampler)), file)
    # torch 2.1 deadlocks when gloo's thread still waits for the GIL here.
    time.sleep(0.5)
    dist.destroy_process_group()
