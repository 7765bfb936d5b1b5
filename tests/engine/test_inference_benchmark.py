import resource

import pytest

from mmbopr.engine.inference_benchmark import measure_speed, peak_memory


def test_speed_of_a_step_that_takes_as_long_as_it_says():
    # Two to warm up; then 10, 20, 30, 40 ms.
    takes = iter([5.0, 7.0, 0.01, 0.02, 0.03, 0.04])
    now = [100.0]

    def step():
        now[0] += next(takes)

    speed = measure_speed(step, 8, 4, 2, clock=lambda: now[0])
    assert speed.batch_size == 8
    assert speed.images_per_second == pytest.approx(4 * 8 / 0.1)
    assert speed.p50 == pytest.approx(25)
    assert speed.p90 == pytest.approx(37)
    assert speed.p99 == pytest.approx(39.7)
    assert next(takes, None) is None


def test_memory_is_that_of_this_process():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert before <= peak_memory('cpu') < 2 * before
