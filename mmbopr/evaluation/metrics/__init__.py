"""Metrics for MMEngine's evaluator."""

from .human_mesh_metric import HumanMeshMetric

__all__ = ['HumanMeshMetric']
