"""Models and their inputs in a few lines, without a Runner."""

from .init_model import init_model
from .person_inputs import find_pictures, load_person

__all__ = ['find_pictures', 'init_model', 'load_person']
