"""Both filters on rotations and points, against independent ones."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import savgol_filter
from scipy.spatial.transform import Rotation

from mmbopr.motion import POINTS, ROTATIONS, OneEuro, SavitzkyGolay
from mmbopr.utils.rotation import (
    axis_angle_to_quaternion,
    multiply_quaternions,
    quaternion_to_axis_angle,
)

FPS = 30.0
TIMES = torch.arange(40).double() / FPS
SMOOTHERS = [OneEuro(), SavitzkyGolay()]
seeds = st.integers(0, 2**31)
both = pytest.mark.parametrize(
    'smoother', SMOOTHERS, ids=lambda x: type(x).__name__
)
few = settings(max_examples=20, deadline=None)


def noise(seed, *shape):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator).double()


def motion(seed, jitter=0.05):
    """Two joints (T, 2, 4) that turn smoothly, clean and with noise."""
    speed, phase = noise(seed, 2, 1, 2, 3)
    angles = torch.sin(3 * speed * TIMES[:, None, None] + phase)
    # The base is where upright people are: half a turn about x.
    base = torch.tensor([torch.pi, 0, 0]).double()
    clean = multiply_quaternions(
        axis_angle_to_quaternion(base), axis_angle_to_quaternion(angles / 2)
    )
    return clean, ROTATIONS.move(clean, jitter * noise(seed + 1, 40, 2, 3))


def angle(first, second):
    return ROTATIONS.difference(first, second).norm(dim=-1)


def acceleration(rotations):
    steps = ROTATIONS.difference(rotations[:-1], rotations[1:])
    return steps.diff(dim=0) * FPS**2


# --- what must hold for both
@both
@given(seeds)
@few
def test_a_constant_stays(smoother, seed):
    rotation = axis_angle_to_quaternion(3 * noise(seed, 1, 5, 3))
    rotations = rotation.expand(40, 5, 4)
    smooth = smoother(rotations, TIMES, ROTATIONS)
    assert angle(smooth, rotations).max() < 1e-9


@both
@given(seeds)
@few
def test_turning_world_or_body_turns_the_result(smoother, seed):
    _, rotations = motion(seed)
    turns = axis_angle_to_quaternion(3 * noise(seed, 2, 3))
    smooth = smoother(rotations, TIMES, ROTATIONS)

    world = smoother(
        multiply_quaternions(turns[0], rotations), TIMES, ROTATIONS
    )
    body = smoother(
        multiply_quaternions(rotations, turns[1]), TIMES, ROTATIONS
    )

    expected = multiply_quaternions(turns[0], smooth)
    assert angle(world, expected).max() < 1e-7
    expected = multiply_quaternions(smooth, turns[1])
    assert angle(body, expected).max() < 1e-7


@both
@given(seeds)
@few
def test_signs_of_quaternions_do_not_matter(smoother, seed):
    _, rotations = motion(seed)
    signs = noise(seed, 40, 2, 1).sign()
    smooth = smoother(rotations, TIMES, ROTATIONS)
    assert angle(
        smoother(signs * rotations, TIMES, ROTATIONS), smooth
    ).max() < 1e-7  # fmt: skip


@both
@given(seeds)
@few
def test_rotation_vectors_that_flip_near_pi_are_no_jumps(smoother, seed):
    jitter = 0.05 * noise(seed, 40, 3)
    vectors = torch.tensor([torch.pi, 0, 0]) + jitter
    vectors = quaternion_to_axis_angle(axis_angle_to_quaternion(vectors))
    assert vectors[:, 0].min() < -3 < 3 < vectors[:, 0].max()

    smooth = smoother(axis_angle_to_quaternion(vectors), TIMES, ROTATIONS)

    half_turn = axis_angle_to_quaternion(
        torch.tensor([torch.pi, 0, 0]).double()
    )
    raw = angle(half_turn, axis_angle_to_quaternion(vectors))
    assert angle(half_turn, smooth).max() < 1.5 * raw.max()
    assert angle(half_turn, smooth).mean() < 0.8 * raw.mean()


@both
@given(seeds)
@few
def test_jitter_is_reduced(smoother, seed):
    clean, noisy = motion(seed)
    smooth = smoother(noisy, TIMES, ROTATIONS)

    true = acceleration(clean)
    before = (acceleration(noisy) - true).norm(dim=-1).mean()
    after = (acceleration(smooth) - true).norm(dim=-1).mean()

    assert after < 0.6 * before


@both
def test_one_joint_does_not_depend_on_the_others(smoother):
    _, rotations = motion(0)
    alone = smoother(rotations[:, 1:], TIMES, ROTATIONS)
    together = smoother(rotations, TIMES, ROTATIONS)
    np.testing.assert_allclose(together[:, 1:], alone, atol=1e-12)


@both
def test_one_value_stays(smoother):
    value = axis_angle_to_quaternion(noise(0, 1, 24, 3))
    assert torch.equal(smoother(value, TIMES[:1], ROTATIONS), value)


# --- Savitzky-Golay
@pytest.mark.parametrize(('size', 'order'), [(5, 2), (9, 3), (13, 2)])
def test_points_equal_scipy(size, order):
    values = noise(0, 40, 3)
    ours = SavitzkyGolay((size - 1) / FPS, order)(values, TIMES, POINTS)
    scipy = savgol_filter(values.numpy(), size, order, axis=0)
    np.testing.assert_allclose(ours, scipy, atol=1e-9)


@given(seeds)
@few
def test_turns_about_one_axis_equal_scipy(seed):
    axis = torch.nn.functional.normalize(noise(seed, 3), dim=0)
    turns = 0.3 * noise(seed + 1, 40, 1)
    smooth = SavitzkyGolay(8 / FPS)(
        axis_angle_to_quaternion(turns * axis), TIMES, ROTATIONS
    )
    scipy = savgol_filter(turns.numpy(), 9, 2, axis=0) * axis.numpy()
    np.testing.assert_allclose(
        quaternion_to_axis_angle(smooth), scipy, atol=1e-9
    )


@given(seeds, st.floats(0.1, 8))
@few
def test_constant_angular_velocity_stays(seed, speed):
    """In whole turns, and with frames missing."""
    times = TIMES[noise(seed, 40) > -1]
    axis = torch.nn.functional.normalize(noise(seed, 4, 3), dim=-1)
    start = axis_angle_to_quaternion(noise(seed + 1, 4, 3))
    steps = axis_angle_to_quaternion(speed * times[:, None, None] * axis)
    rotations = multiply_quaternions(start, steps)
    smooth = SavitzkyGolay()(rotations, times, ROTATIONS)
    assert angle(smooth, rotations).max() < 1e-7


def test_it_neither_lags_nor_leads():
    clean, noisy = motion(3, jitter=0.02)
    smooth = SavitzkyGolay()(noisy, TIMES, ROTATIONS)
    errors = [
        angle(clean[5 + k : 35 + k], smooth[5:35]).mean() for k in (-1, 0, 1)
    ]
    assert np.argmin(errors) == 1


def test_nothing_is_fitted_over_long_gaps():
    """Halves far apart in time are smoothed as if they were alone."""
    times = torch.cat([TIMES[:20], TIMES[20:] + 1])
    values = noise(0, 40, 3)
    smoother = SavitzkyGolay()
    smooth = smoother(values, times, POINTS)
    first = smoother(values[:20], times[:20], POINTS)
    second = smoother(values[20:], times[20:], POINTS)
    np.testing.assert_allclose(smooth, torch.cat([first, second]), atol=1e-12)
    assert (smooth - smoother(values, TIMES, POINTS)).abs().max() > 0.1


def test_the_window_is_in_seconds():
    """Twice the rate gives the same curve, twice the window another."""
    times = torch.arange(80).double() / (2 * FPS)
    curve = (2 * times).sin()[:, None]
    smooth = SavitzkyGolay(0.4)(curve, times, POINTS)
    sparse = SavitzkyGolay(0.4)(curve[::2], times[::2], POINTS)
    wider = SavitzkyGolay(0.8)(curve[::2], times[::2], POINTS)
    np.testing.assert_allclose(smooth[::2], sparse, atol=1e-3)
    assert (wider - sparse).abs().max() > 5e-3


# --- One-Euro
def scalar_one_euro(values, times, min_cutoff, beta, d_cutoff):
    """Algorithm 1 of the paper, on numbers."""

    def alpha(rate, cutoff):
        return 1 / (1 + rate / (2 * np.pi * cutoff))

    filtered, velocity = values[0], 0.0
    out = [filtered]
    for i in range(1, len(values)):
        rate = 1 / (times[i] - times[i - 1])
        dx = (values[i] - filtered) * rate
        a = alpha(rate, d_cutoff)
        velocity = a * dx + (1 - a) * velocity
        a = alpha(rate, min_cutoff + beta * abs(velocity))
        filtered = a * values[i] + (1 - a) * filtered
        out.append(filtered)
    return np.array(out)


@given(seeds)
@few
def test_turns_about_one_axis_equal_the_papers_algorithm(seed):
    """With frames missing."""
    times = TIMES[noise(seed, 40) > -1]
    axis = torch.nn.functional.normalize(noise(seed, 3), dim=0)
    turns = 0.3 * noise(seed + 1, len(times))
    smooth = OneEuro(1.2, 0.7, 0.9)(
        axis_angle_to_quaternion(turns[:, None] * axis), times, ROTATIONS
    )
    scalar = scalar_one_euro(turns.numpy(), times.numpy(), 1.2, 0.7, 0.9)
    np.testing.assert_allclose(
        quaternion_to_axis_angle(smooth) @ axis, scalar, atol=1e-9
    )


def test_only_the_past_counts():
    _, rotations = motion(0)
    whole = OneEuro()(rotations, TIMES, ROTATIONS)
    start = OneEuro()(rotations[:20], TIMES[:20], ROTATIONS)
    np.testing.assert_array_equal(whole[:20], start)


def test_the_lag_is_bounded():
    """Behind a constant speed by less than a tenth of a second."""
    speed = torch.tensor([2.0, 0, 0]).double()
    rotations = axis_angle_to_quaternion(TIMES[:, None] * speed)
    smooth = OneEuro()(rotations, TIMES, ROTATIONS)
    behind = ROTATIONS.difference(smooth[-1], rotations[-1]) / 2
    assert 0 < behind[0] < 0.1
    assert behind[1:].abs().max() < 1e-12


# --- the spaces and the arguments
@given(seeds)
@few
def test_steps_equal_scipy(seed):
    first, second = noise(seed, 2, 3)
    step = ROTATIONS.difference(
        axis_angle_to_quaternion(first), axis_angle_to_quaternion(second)
    )
    first = Rotation.from_rotvec(first.numpy())
    second = Rotation.from_rotvec(second.numpy())
    np.testing.assert_allclose(
        step, (first.inv() * second).as_rotvec(), atol=1e-9
    )


def test_senseless_settings_are_refused():
    with pytest.raises(ValueError, match='window > 0'):
        SavitzkyGolay(window=0)
    with pytest.raises(ValueError, match='min_cutoff > 0'):
        OneEuro(min_cutoff=0)
