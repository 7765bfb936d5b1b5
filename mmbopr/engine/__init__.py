"""Extensions of MMEngine's runtime: optimiser wrappers, hooks, launching."""

from .cpu_amp import CpuAmpOptimWrapper

__all__ = ['CpuAmpOptimWrapper']
