"""Evaluation: formulas, protocols, the per-sample dump and its metric."""

from .dump import EvaluationDump, read_dump, write_dump
from .metrics import HumanMeshMetric
from .protocols import (
    EvaluationProtocol,
    KeypointProtocol,
    MeshProtocol,
    UnlabelledProtocol,
    build_protocol,
    load_protocol,
)
from .scoring import score_labels, score_predictions
from .summary import drop_failures, failed_rows, sample_metrics, summarize

__all__ = [
    'EvaluationDump',
    'EvaluationProtocol',
    'HumanMeshMetric',
    'KeypointProtocol',
    'MeshProtocol',
    'UnlabelledProtocol',
    'build_protocol',
    'drop_failures',
    'failed_rows',
    'load_protocol',
    'read_dump',
    'sample_metrics',
    'score_labels',
    'score_predictions',
    'summarize',
    'write_dump',
]
