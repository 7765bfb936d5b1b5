"""Settings for all tests."""

import torch
from hypothesis import settings

# Tiny tensors: threads cost more than they save, and disturb neighbours.
torch.set_num_threads(1)

# The first example may have to load a body; a busy machine is no error.
settings.register_profile('mmbopr', deadline=None)
settings.load_profile('mmbopr')
