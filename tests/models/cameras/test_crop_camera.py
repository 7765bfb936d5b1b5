"""The crop's camera against the paper's weak perspective."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmbopr.body_models import SMPL
from mmbopr.models import CropCamera
from mmbopr.structures.predictions import CropContext


@pytest.fixture(scope='module')
def bodies():
    """Vertices (64, V, 3) of people in all directions and many poses."""
    rng = torch.Generator().manual_seed(0)
    pose = 0.3 * torch.randn(64, 24, 3, generator=rng)
    pose[:, 0] = 2 * torch.randn(64, 3, generator=rng)
    betas = torch.randn(64, 10, generator=rng)
    return SMPL('open')(betas, pose[:, 1:].flatten(1), pose[:, 0]).vertices


@settings(max_examples=20, deadline=None)
@given(
    scale=st.floats(0.5, 1.1),
    shift=st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)),
    side=st.floats(30, 2000),
)
def test_nearly_weak_perspective(bodies, scale, shift, side):
    """J_2D = s Pi(R J_3D) + t, in half crops, to 2 % of the body's size."""
    count = len(bodies)
    cam = torch.tensor([[scale, *shift]]).expand(count, -1)
    crops = CropContext(
        torch.tensor([[900.0, 100, side, side]]).expand(count, -1),
        torch.tensor([[1000.0, 1000, 640, 360]]).expand(count, -1),
        None,
    )
    found = CropCamera().project(bodies, cam, crops)
    weak = scale * bodies[..., :2] + scale * torch.tensor(shift)
    error = (found - weak).norm(dim=-1).amax(1)
    size = (weak.amax(1) - weak.amin(1)).norm(dim=-1)
    assert (error < 0.02 * size).all()
    # It is a perspective after all: what is nearer is larger.
    assert error.max() > 1e-3 * size.max()
