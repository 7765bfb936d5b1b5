"""Extensions of MMEngine: optimiser wrappers, hooks, loops, launching."""

from .bfloat16 import BFloat16OptimWrapper
from .hooks import CompileHook, IterSyncBuffersHook, MeshVisualizationHook
from .loops import ExactResumeTrainLoop

__all__ = [
    'BFloat16OptimWrapper',
    'CompileHook',
    'ExactResumeTrainLoop',
    'IterSyncBuffersHook',
    'MeshVisualizationHook',
]
