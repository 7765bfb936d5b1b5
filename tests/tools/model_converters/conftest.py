"""The converters, and checkpoints that a formula fills."""

import json
import math
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

ROOT = Path(__file__).parents[3]
MODULES = (
    'conversion',
    'command',
    'pare2mmbopr',
    'spin2mmbopr',
    'cliff2mmbopr',
)


@pytest.fixture
def tools(monkeypatch):
    """The modules of tools/model_converters, by name."""
    monkeypatch.syspath_prepend(str(ROOT / 'tools/model_converters'))
    yield SimpleNamespace(**{name: __import__(name) for name in MODULES})
    for name in MODULES:
        sys.modules.pop(name)


def uniform(key, shape, seed):
    """Reproducible numbers in [0, 1), see tests/data/parity/README.md."""
    index = np.arange(math.prod(shape), dtype=np.float64) + 1
    phase = index * 12.9898 + (zlib.crc32(key.encode()) % 100003) + seed
    value = np.sin(phase) * 43758.5453
    return (value - np.floor(value)).reshape(shape)


def fill(key, shape, seed, bn_gamma):
    """One entry of a state dict."""
    if key.endswith('num_batches_tracked'):
        return torch.tensor(1)
    u = uniform(key, shape, seed)
    if key.endswith('running_var'):
        value = 0.8 + 0.4 * u
    elif key.endswith(('bias', 'running_mean')):
        value = (2 * u - 1) * 0.1
    elif len(shape) >= 2:
        value = (2 * u - 1) * math.sqrt(3 / math.prod(shape[1:]))
    else:
        value = bn_gamma + 0.2 * u
    return torch.from_numpy(np.asarray(value, np.float32))


class Parity(SimpleNamespace):
    """What an original computes from weights that a formula gives."""

    def state_dict(self, seed=None):
        """Weights as the original checkpoint names them."""
        seed = self.seed if seed is None else seed
        state = {
            key: torch.tensor(self.kept[key]).view(shape)
            if key in self.kept
            else fill(key, shape, seed, self.bn_gamma)
            for key, shape in self.keys.items()
        }
        return {self.checkpoint_prefix + k: v for k, v in state.items()}

    def inputs(self):
        """Image and, of CLIFF, bbox_info."""
        names = ('input', 'bbox_info')[: len(self.input_shapes)]
        return [
            torch.from_numpy(
                ((uniform(name, shape, self.seed) * 2 - 1) * 2).astype('f4')
            )
            for name, shape in zip(names, self.input_shapes, strict=True)
        ]

    def output(self, name):
        """A recorded output."""
        record = self.outputs[name]
        return torch.tensor(record['values']).view(record['shape'])


@pytest.fixture
def load_parity():
    """Function that reads a file of tests/data/parity."""

    def load(name):
        path = ROOT / f'tests/data/parity/{name}_seed1.json'
        return Parity(**json.loads(path.read_text()))

    return load
