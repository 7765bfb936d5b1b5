import numpy as np
import pytest

from mmbopr.structures.joints import SMPL_24
from mmbopr.synthesis.pose_prior import PRESETS, joint_limits, sample_pose


def _samples(preset, count=200):
    return [
        sample_pose(np.random.default_rng(seed), preset)
        for seed in range(count)
    ]


@pytest.mark.parametrize('preset', sorted(PRESETS))
def test_every_angle_is_within_its_limits(preset):
    lower, upper = joint_limits()
    poses = np.stack([s.pose for s in _samples(preset)])
    assert poses.shape == (200, 24, 3)
    assert (poses >= lower - 1e-12).all() and (poses <= upper + 1e-12).all()


def test_limits_mirror_between_the_sides():
    lower, upper = joint_limits()
    flip = list(SMPL_24.flip_indices)
    sign = np.array([1, -1, -1])
    mirrored = np.stack([lower[flip] * sign, upper[flip] * sign])
    np.testing.assert_allclose(mirrored.min(0), lower)
    np.testing.assert_allclose(mirrored.max(0), upper)
    knee = SMPL_24.names.index('left_knee')
    np.testing.assert_allclose(np.rad2deg([lower[knee, 0], upper[knee, 0]]),
                               [0, 135])  # fmt: skip


def test_presets_differ_in_how_people_hold_themselves():
    everyday, extreme = _samples('everyday'), _samples('extreme')
    assert 10 < sum(s.seated for s in everyday) < 50
    assert not any(s.seated for s in extreme)
    lying = [abs(s.pose[0, 0]) > np.deg2rad(60) for s in extreme]
    assert 10 < sum(lying) < 50
    assert max(abs(s.pose[0, 0]) for s in everyday) < np.deg2rad(20)
    knee = SMPL_24.names.index('left_knee')
    bend = [np.mean([s.pose[knee, 0] for s in group])
            for group in (everyday, extreme)]  # fmt: skip
    assert bend[1] > 1.3 * bend[0]


def test_sample_depends_on_the_seed_alone():
    first, again = (
        sample_pose(np.random.default_rng(5), 'extreme') for _ in range(2)
    )
    other = sample_pose(np.random.default_rng(6), 'extreme')
    np.testing.assert_array_equal(first.pose, again.pose)
    assert np.abs(first.pose - other.pose).max() > 0.1


def test_unknown_preset_is_refused():
    with pytest.raises(
        ValueError, match=r"\['everyday', 'extreme'\].*'sport'"
    ):
        sample_pose(np.random.default_rng(0), 'sport')
