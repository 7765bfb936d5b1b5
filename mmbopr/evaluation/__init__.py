"""Evaluation: formulas, protocols, the per-sample dump and its metric."""

from .comparison import Comparison, compare_dumps
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
from .statistics import Interval, mean_intervals
from .summary import drop_failures, failed_rows, sample_metrics, summarize

__all__ = [
    'Comparison',
    'EvaluationDump',
    'EvaluationProtocol',
    'HumanMeshMetric',
    'Interval',
    'KeypointProtocol',
    'MeshProtocol',
    'UnlabelledProtocol',
    'build_protocol',
    'compare_dumps',
    'drop_failures',
    'failed_rows',
    'load_protocol',
    'mean_intervals',
    'read_dump',
    'sample_metrics',
    'score_labels',
    'score_predictions',
    'summarize',
    'write_dump',
]
