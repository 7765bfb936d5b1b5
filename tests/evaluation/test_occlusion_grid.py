import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mmbopr.evaluation.occlusion_grid import OcclusionGrid, occlude


def test_positions_reach_from_border_to_border():
    grid = OcclusionGrid.cover((20, 30), 8, 6)
    assert grid.tops.tolist() == [0, 6, 12]
    assert grid.lefts.tolist() == [0, 6, 11, 16, 22]  # steps of 5.5, rounded
    assert grid.shape == (3, 5)
    assert grid.corners()[[0, 4, 5, 14]].tolist() == [
        [0, 0], [0, 22], [6, 0], [12, 22],
    ]  # fmt: skip


@given(st.integers(1, 40), st.integers(0, 60), st.integers(1, 50))
def test_steps_are_even_and_at_most_the_stride(patch, space, stride):
    side = patch + space
    edges = OcclusionGrid.cover((side, side), patch, stride).tops
    assert edges[0] == 0 and edges[-1] == (space if len(edges) > 1 else 0)
    steps = np.diff(edges)
    if space:
        assert 1 <= steps.min() and steps.max() <= stride
        assert steps.max() - steps.min() <= 1


@pytest.mark.parametrize(
    ('patch', 'stride'), [(0, 4), (21, 4), (8, 0), (-3, 4)]
)
def test_a_square_that_does_not_fit_is_refused(patch, stride):
    with pytest.raises(ValueError, match=f'1 to 20 px.* {patch} and {stride}'):
        OcclusionGrid.cover((20, 30), patch, stride)


def test_every_copy_hides_its_own_square():
    crop = 1 + torch.rand(3, 20, 30, generator=torch.manual_seed(0))
    corners = torch.tensor([[2, 5], [12, 22], [-8, -8], [-4, 27]])
    copies = occlude(crop, corners, 8)
    for copy, (top, left) in zip(copies, corners.tolist(), strict=True):
        expected = crop.clone()
        expected[:, max(top, 0) : max(top + 8, 0), max(left, 0) : left + 8] = 0
        assert torch.equal(copy, expected)
