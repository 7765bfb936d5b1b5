"""Models and their inputs in a few lines, without a Runner."""

from mmbopr.utils.pictures import read_picture

from .init_model import init_model
from .mesh_inferencer import MeshInferencer
from .model_zoo import find_model, zoo_entries
from .person_inputs import load_person
from .picture_sources import find_paths, find_pictures, open_pictures

__all__ = [
    'MeshInferencer',
    'find_model',
    'find_paths',
    'find_pictures',
    'init_model',
    'load_person',
    'open_pictures',
    'read_picture',
    'zoo_entries',
]
