"""Extensions of MMEngine: optimiser wrappers, hooks, loops, launching."""

from .cpu_amp import CpuAmpOptimWrapper
from .hooks import MeshVisualizationHook
from .loops import ExactResumeTrainLoop

__all__ = [
    'CpuAmpOptimWrapper',
    'ExactResumeTrainLoop',
    'MeshVisualizationHook',
]
