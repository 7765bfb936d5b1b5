"""Settings for all tests."""

import torch

# Tiny tensors: threads cost more than they save, and disturb neighbours.
torch.set_num_threads(1)
