"""Extensions of MMEngine's runtime: optimiser wrappers, hooks, launching."""

from .cpu_amp import CpuAmpOptimWrapper
from .hooks import MeshVisualizationHook

__all__ = ['CpuAmpOptimWrapper', 'MeshVisualizationHook']
