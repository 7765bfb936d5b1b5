"""Hooks."""

from .compile_hook import CompileHook
from .iter_sync_buffers_hook import IterSyncBuffersHook
from .visualization_hook import MeshVisualizationHook

__all__ = ['CompileHook', 'IterSyncBuffersHook', 'MeshVisualizationHook']
