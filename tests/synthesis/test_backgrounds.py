import numpy as np
import pytest

from mmbopr.synthesis.backgrounds import paint_background


@pytest.mark.parametrize('seed', range(6))
def test_ground_ends_at_the_horizon_or_before(level_view, seed):
    rng = np.random.default_rng(seed)
    background = paint_background(rng, level_view, farthest=5.0)
    assert background.image.shape == (200, 240, 3)
    assert background.image.min() >= 0 and background.image.max() <= 255
    # The horizon of a level camera is the principal point's row, 100.
    assert not background.ground[:100].any()
    # Where a person 5 m ahead stands there is no wall yet.
    assert background.ground[100 + 200 // 5 + 8 :].all()


def test_background_is_reproducible_and_varied(level_view):
    first, again, other = (
        paint_background(np.random.default_rng(seed), level_view, 4.0).image
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 5
    assert first.std() > 5
