import numpy as np
import pytest

from mmbopr.datasets import RandomChannelGain, SyntheticOcclusion
from mmbopr.datasets.transforms.appearance import Occluder


def noise(height=224, width=224):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (height, width, 3), np.uint8)


def test_channel_gain_is_rounded_and_clipped(monkeypatch):
    gain = RandomChannelGain()
    gains = np.array([0.6, 1.0, 1.4])
    monkeypatch.setattr(gain, '_draw', lambda: gains)
    img = noise()
    expected = np.rint(img * gains).clip(0, 255)
    np.testing.assert_array_equal(gain(dict(img=img))['img'], expected)


def test_channel_gains_stay_in_range():
    np.random.seed(0)
    grey = np.full((1, 1, 3), 100, np.uint8)
    gain = RandomChannelGain((0.8, 1.2))
    values = np.stack([gain(dict(img=grey))['img'] for _ in range(500)])
    assert 80 <= values.min() <= 82
    assert 118 <= values.max() <= 120
    assert (values[..., 0] != values[..., 1]).mean() > 0.9


def test_channel_gain_probability():
    img = noise()
    unchanged = RandomChannelGain(prob=0)(dict(img=img))['img']
    np.testing.assert_array_equal(unchanged, img)
    np.random.seed(0)
    some = RandomChannelGain(prob=0.3)
    changed = [(some(dict(img=img))['img'] != img).any() for _ in range(300)]
    assert np.mean(changed) == pytest.approx(0.3, abs=0.08)


@pytest.mark.parametrize(
    ('is_ellipse', 'area'), [(False, 60 * 20), (True, np.pi * 30 * 10)]
)
@pytest.mark.parametrize('angle', [0.0, 0.7, np.pi / 2])
def test_occluder_covers_its_area(is_ellipse, area, angle):
    centre = np.array([100.3, 90.6])
    occluder = Occluder(is_ellipse, centre, np.array([30, 10]), angle, None)
    rows, columns = np.mgrid[:200, :200]
    pixels = np.stack([columns, rows], -1) + 0.5
    covered = occluder.covers(pixels[..., 0], pixels[..., 1])
    assert covered.sum() == pytest.approx(area, rel=0.03)
    np.testing.assert_allclose(pixels[covered].mean(0), centre, atol=0.5)
    # Its long axis turns from x to y.
    axis = np.array([np.cos(angle), np.sin(angle)])
    assert occluder.covers(*(centre + 29 * axis))
    assert not occluder.covers(*(centre + 29 * axis[::-1] * [1, -1]))


def test_covered_key_points_are_invisible():
    np.random.seed(1)
    img = noise()
    # A key point in the middle of every pixel of a coarse grid.
    points = np.mgrid[4.5:224:32, 4.5:224:32].reshape(2, -1).T
    keypoints = np.column_stack([points, np.full(49, 0.8)]).astype('f4')
    visible = np.arange(49) % 5 > 0
    occlude = SyntheticOcclusion(count=(3, 3), size=(0.2, 0.5))
    hidden = 0
    for _ in range(20):
        results = occlude(
            dict(img=img, keypoints_2d=keypoints, visible=visible)
        )
        np.testing.assert_array_equal(results['keypoints_2d'], keypoints)
        columns, rows = points.astype(int).T
        painted = (results['img'][rows, columns] != img[rows, columns]).any(-1)
        np.testing.assert_array_equal(results['visible'], visible & ~painted)
        hidden += painted.sum()
    assert hidden > 50
    assert visible.sum() == 39  # the input is left alone


def test_occlusion_count_size_and_probability():
    np.random.seed(0)
    occlude = SyntheticOcclusion(0.5, count=(2, 4), size=(0.1, 0.2))
    draws = [occlude._draw(100, 200) for _ in range(1000)]
    counts = np.bincount([len(draw) for draw in draws], minlength=5) / 1000
    np.testing.assert_allclose(
        counts, [0.5, 0, 0.167, 0.167, 0.167], atol=0.05
    )
    occluders = [occluder for draw in draws for occluder in draw]
    halves = np.stack([o.half_size for o in occluders])
    assert 10 <= halves.min() < 10.2
    assert 19.8 < halves.max() <= 20
    centres = np.stack([o.centre for o in occluders])
    np.testing.assert_allclose(centres.mean(0), [100, 50], rtol=0.05)
    assert np.mean([o.is_ellipse for o in occluders]) == pytest.approx(
        0.5, abs=0.05
    )


def test_occlusion_of_an_unlabelled_image():
    np.random.seed(0)
    img = noise(120, 80)
    results = SyntheticOcclusion()(dict(img=img))
    assert set(results) == {'img'}
    assert (results['img'] != img).any()
    assert results['img'].shape == (120, 80, 3)


def test_repr():
    assert repr(RandomChannelGain()) == (
        'RandomChannelGain(gain=(0.6, 1.4), prob=1.0)'
    )
    assert repr(SyntheticOcclusion()) == (
        'SyntheticOcclusion(prob=1.0, count=(1, 7), size=(0.05, 0.35))'
    )
