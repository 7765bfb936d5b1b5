"""Hooks."""

from .visualization_hook import MeshVisualizationHook

__all__ = ['MeshVisualizationHook']
