"""Models and their inputs in a few lines, without a Runner."""

from .init_model import init_model
from .person_inputs import load_person

__all__ = ['init_model', 'load_person']
