"""Loops."""

from .exact_resume_train_loop import ExactResumeTrainLoop

__all__ = ['ExactResumeTrainLoop']
