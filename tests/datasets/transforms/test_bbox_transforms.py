import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmcv.transforms.utils import cache_random_params
from mmengine.dataset import Compose

from mmbopr.datasets import (
    MeshRandomBBoxTransform,
    MeshRandomFlip,
    MeshTopdownAffine,
    NarrowSquareBBox,
)
from mmbopr.datasets.transforms.crop import crop_matrix, warp_points


def test_bbox_augmentation_has_the_documented_distribution():
    np.random.seed(0)
    augment = MeshRandomBBoxTransform()
    draws = [
        augment(dict(bbox_scale=np.full((1, 2), 100, np.float32)))
        for _ in range(5000)
    ]
    rotation = np.array([x['bbox_rotation'][0] for x in draws])
    scale = np.array([x['bbox_scale'] for x in draws])[:, 0] / 100
    np.testing.assert_array_equal(scale[:, 0], scale[:, 1])
    assert (rotation == 0).mean() == pytest.approx(0.6, abs=0.02)
    # A normal distribution of 30 degrees leaves +-60 at 4.55 %.
    at_limit = (np.abs(rotation) == 60).sum() / (rotation != 0).sum()
    assert at_limit == pytest.approx(0.0455, abs=0.01)
    inner = rotation[(rotation != 0) & (np.abs(rotation) < 30)]
    assert len(inner) / (rotation != 0).sum() == pytest.approx(0.683, abs=0.03)
    assert scale.min() == 0.75
    assert scale.max() == 1.25
    # 1 +- 0.25 is one deviation: 31.7 % are clipped.
    clipped = np.isin(scale[:, 0], [0.75, 1.25]).mean()
    assert clipped == pytest.approx(0.317, abs=0.02)


def test_flip_probability():
    np.random.seed(0)
    flips = [MeshRandomFlip(0.3)({})['flip'] for _ in range(3000)]
    assert np.mean(flips) == pytest.approx(0.3, abs=0.03)
    assert not MeshRandomFlip(0)({})['flip']
    assert MeshRandomFlip(1)({})['flip'] is True


def test_randomness_can_be_shared():
    transforms = [MeshRandomFlip(), MeshRandomBBoxTransform(rotation_prob=1)]
    with cache_random_params(transforms):
        draws = []
        for _ in range(5):
            results = dict(bbox_scale=np.full((1, 2), 100, np.float32))
            for transform in transforms:
                results = transform(results)
            draws.append(
                (
                    results['flip'],
                    results['bbox_rotation'][0],
                    results['bbox_scale'][0, 0],
                )
            )
    assert len(set(draws)) == 1


@given(
    x=st.floats(0, 4000),
    y=st.floats(0, 3000),
    side=st.floats(20, 3000),
    u=st.floats(0, 1),
    v=st.floats(0, 1),
)
def test_an_upright_crop_shows_what_cliff_shows(x, y, side, u, v):
    """CLIFF: b px of the picture are the crop's 256 rows, 3/4 b its columns.

    Its demo takes the corners (x - 3/8 b, y - b/2) and (x + 3/8 b, y + b/2)
    of the picture to (0, 0) and (192, 256) of the crop.
    """
    results = NarrowSquareBBox((192, 256))(
        dict(bbox_scale=np.full((1, 2), side, np.float32))
    )
    (scale,) = results['bbox_scale']
    np.testing.assert_allclose(scale, [0.75 * side, side], rtol=1e-6)
    matrix = crop_matrix(np.array([x, y]), scale, 0, False, (192, 256))
    point = np.array([x + (u - 0.5) * 0.75 * side, y + (v - 0.5) * side])
    np.testing.assert_allclose(
        warp_points(point, matrix), [192 * u, 256 * v], atol=0.01
    )


def test_the_narrowed_box_is_what_the_crop_shows():
    pipeline = Compose(
        [NarrowSquareBBox((192, 256)), MeshTopdownAffine((192, 256))]
    )
    box = dict(
        img=np.zeros((300, 400, 3), np.uint8),
        bbox_center=np.float32([[200, 150]]),
        bbox_scale=np.float32([[200, 200]]),
    )
    results = pipeline(dict(box))
    np.testing.assert_allclose(results['bbox_scale'], [[150, 200]], rtol=1e-6)
    # Without it the person is 3/4 as large, between two bands.
    results = MeshTopdownAffine((192, 256))(dict(box))
    np.testing.assert_allclose(
        results['bbox_scale'], [[200, 200 / 0.75]], rtol=1e-6
    )


def test_repr():
    assert repr(MeshRandomFlip()) == 'MeshRandomFlip(prob=0.5)'
    assert repr(MeshRandomBBoxTransform()) == (
        'MeshRandomBBoxTransform(rotation_std=30.0, rotation_limit=60.0, '
        'rotation_prob=0.4, scale_std=0.25, scale_range=(0.75, 1.25))'
    )
    assert repr(NarrowSquareBBox([192, 256])) == (
        'NarrowSquareBBox(input_size=(192, 256))'
    )
