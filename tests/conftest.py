"""Settings for all tests."""

import logging
import os

import pytest
import torch
from hypothesis import settings

# Tiny tensors: threads cost more than they save, and disturb neighbours.
torch.set_num_threads(1)
# Else tools that tests run in this process take all cores, for all later ones.
os.environ.setdefault('OMP_NUM_THREADS', '1')

# The first example may have to load a body; a busy machine is no error.
settings.register_profile('mmbopr', deadline=None)
settings.load_profile('mmbopr')


@pytest.fixture(scope='session')
def tiny_model(tmp_path_factory, pytestconfig):
    """Folder of the tiny config with random weights.

    ``config.py``, ``net.pth`` and five people in ``test``.
    """
    # Most tests need neither the models nor the seconds that they cost.
    from mmbopr.testing.tiny_config import TINY_BASE, make_tiny_model

    base = pytestconfig.rootpath / 'configs' / TINY_BASE
    return make_tiny_model(tmp_path_factory.mktemp('tiny'), base)


@pytest.fixture(scope='session')
def inferencer(tiny_model):
    """The tiny model, which takes whole pictures for people."""
    from mmbopr.apis import MeshInferencer

    return MeshInferencer(
        str(tiny_model / 'config.py'),
        str(tiny_model / 'net.pth'),
        'cpu',
        show_progress=False,
        detector='whole',
    )


@pytest.fixture(scope='module')
def handlers_stay():
    """For who serves a page.

    The server closes all logging handlers of the process, and absl's, which
    comes with onnx, then closes the stream that pytest reads.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging, '_handlerList', [])
        yield
