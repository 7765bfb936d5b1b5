"""Evaluate a checkpoint: ``python tools/test.py CONFIG CHECKPOINT``."""

import argparse
import hashlib
from pathlib import Path

from mmengine.config import Config, ConfigDict
from mmengine.dist import is_main_process
from mmengine.fileio import dump
from mmengine.runner import Runner

from mmbopr.engine.launch import (
    add_run_arguments,
    leave_together,
    load_config,
    plain_errors,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_arguments(parser)
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--out', help='write the metrics there (json)')
    parser.add_argument(
        '--dump',
        metavar='F.npz',
        help='write per-sample errors, predictions and the protocol there',
    )
    return parser.parse_args()


def find_mesh_metric(cfg: Config) -> ConfigDict:
    """The one metric that can write a dump."""
    evaluators = cfg.test_evaluator
    if not isinstance(evaluators, (list, tuple)):
        evaluators = [evaluators]
    for evaluator in evaluators:
        if evaluator.type.endswith('HumanMeshMetric'):
            return evaluator
    raise SystemExit('--dump needs a HumanMeshMetric in test_evaluator')


def describe_files(cfg: Config, checkpoint: str) -> dict:
    """Names and digests of what the numbers depend on."""
    dataset = cfg.test_dataloader.dataset
    ann_file = Path(dataset.get('data_root', ''), dataset.get('ann_file', ''))
    facts = {
        'config': Path(cfg.filename).name,
        'checkpoint': Path(checkpoint).name,
        'checkpoint_sha256': sha256(Path(checkpoint)),
    }
    if ann_file.is_file():
        facts.update(ann_file=str(ann_file), data_sha256=sha256(ann_file))
    return facts


def sha256(path: Path) -> str:
    """Digest of a file of any size."""
    digest = hashlib.sha256()
    with path.open('rb') as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def main() -> None:
    """Evaluate."""
    args = parse_args()
    if not Path(args.checkpoint).is_file():
        raise SystemExit(f'there is no checkpoint {args.checkpoint}')
    cfg = load_config(args)
    cfg.load_from = args.checkpoint
    if args.dump:
        metric = find_mesh_metric(cfg)
        metric.dump_path = args.dump
        metric.facts = {
            **describe_files(cfg, args.checkpoint),
            **metric.get('facts', {}),
        }
    metrics = Runner.from_cfg(cfg).test()
    if args.out and is_main_process():
        dump(metrics, args.out)


if __name__ == '__main__':
    with plain_errors(), leave_together():
        main()
