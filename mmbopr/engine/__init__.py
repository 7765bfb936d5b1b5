"""Training and running: what mmbopr adds to MMEngine.

Optimiser wrapper, hooks and loop for configs; checks of configs, launching
and resuming, recipes of several stages; complexity and speed of models.
"""

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
