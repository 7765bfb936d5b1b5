"""Evaluation: formulas, the per-sample dump and the metric built on them."""

from .dump import (
    EvaluationDump,
    read_dump,
    summarize,
    summarize_errors,
    write_dump,
)
from .metrics import HumanMeshMetric
from .scoring import score_predictions

__all__ = [
    'EvaluationDump',
    'HumanMeshMetric',
    'read_dump',
    'score_predictions',
    'summarize',
    'summarize_errors',
    'write_dump',
]
