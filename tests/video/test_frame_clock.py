import pytest

from mmbopr.video.frame_clock import FrameClock


def picked(clock, times):
    return [i for i, time in enumerate(times) if clock.picks(time)]


@pytest.mark.parametrize(
    ('output_fps', 'expected'),
    [
        (30, list(range(12))),
        (60, list(range(12))),
        (15, [0, 2, 4, 6, 8, 10]),
        (10, [0, 3, 6, 9]),
        (20, [0, 2, 3, 5, 6, 8, 9, 11]),
    ],
)
def test_frames_are_picked_evenly(output_fps, expected):
    # Starts late, and rounds to milliseconds.
    times = [round(7 + i / 30, 3) for i in range(12)]
    clock = FrameClock(30, output_fps)
    assert picked(clock, times) == expected
    assert clock.is_steady


def test_the_rate_is_one_of_time_not_of_frames():
    times = [0, 0.1, 0.2, 0.3, 0.7, 1.1, 1.2, 1.3, 1.4]
    clock = FrameClock(10, 5)
    assert picked(clock, times) == [0, 2, 4, 5, 6, 8]
    assert not clock.is_steady
    assert clock.duration == pytest.approx(1.4 + 0.4)


def test_all_frames_of_an_unsteady_video_are_taken():
    times = [0, 0.01, 0.02, 0.5, 1.0]
    assert picked(FrameClock(5, 5), times) == [0, 1, 2, 3, 4]


def test_without_times_the_frame_rate_counts():
    clock = FrameClock(30, 10)
    assert picked(clock, [0.0] * 9) == [0, 3, 6]
    assert clock.is_steady
    assert clock.duration == pytest.approx(9 / 30)
