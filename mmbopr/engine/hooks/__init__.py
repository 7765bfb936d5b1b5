"""Hooks."""

from .compile_hook import CompileHook
from .visualization_hook import MeshVisualizationHook

__all__ = ['CompileHook', 'MeshVisualizationHook']
