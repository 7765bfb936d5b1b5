"""Whole models, as the Runner sees them."""

from .body_mesh_estimator import BodyMeshEstimator

__all__ = ['BodyMeshEstimator']
