"""How to run the tools."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='session')
def load_tool():
    """Function that imports a tool by its path below ``tools``."""

    def load(path):
        path = ROOT / 'tools' / path
        name = f'{path.stem}_tool'
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
