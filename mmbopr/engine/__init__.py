"""Extensions of MMEngine's runtime: optimiser wrappers, hooks, launching."""

from .bfloat16 import BFloat16OptimWrapper
from .hooks import MeshVisualizationHook

__all__ = ['BFloat16OptimWrapper', 'MeshVisualizationHook']
