import numpy as np
import pytest
from dump_fakes import make_dump, optional_arrays
from numpy.testing import assert_allclose

from mmbopr.evaluation import summarize
from mmbopr.evaluation.breakdown import (
    acceleration,
    by_occlusion,
    by_sequence,
    by_visibility,
    main_metrics,
)


def test_each_sequence_is_summarized():
    dump = make_dump(5, seq=np.array(list('abbab')))
    names, values = main_metrics(dump)
    assert names == ('MPJPE', 'PA-MPJPE', 'PVE') and values.shape == (5, 3)
    found = by_sequence(dump)
    for name, rows in (('a', [0, 3]), ('b', [1, 2, 4])):
        expected = summarize(dump.select(rows))
        assert found[name].count == len(rows)
        assert_allclose(found[name].mean, [expected[key] for key in names])


def test_each_band_of_occlusion_is_summarized():
    dump = make_dump(4, occlusion=np.array([0.05, 0.2, np.nan, 0.25]))
    found = by_occlusion(dump)
    counts = {name: band.count for name, band in found.items()}
    assert counts == {'0-10%': 1, '10-30%': 2, 'unknown': 1}
    expected = summarize(dump.select([1, 3]))
    assert_allclose(found['10-30%'].mean[2], expected['PVE'])


def test_visible_and_hidden_joints():
    visible = np.zeros((2, 14), bool)
    visible[0, :7] = True
    errors = np.zeros((2, 14, 3))
    errors[0, :7, 0], errors[0, 7:, 0], errors[1, :, 2] = 0.01, 0.02, 0.04
    dump = make_dump(2, joint_errors=errors, visible=visible)
    found = by_visibility(dump)
    assert_allclose(found['visible'], (10, 7), rtol=1e-6)
    assert_allclose(found['hidden'], ((7 * 20 + 14 * 40) / 21, 21), rtol=1e-6)


def test_acceleration_along_each_person():
    """Two people of one sequence, whose rows alternate."""
    frame = np.repeat(np.arange(5), 2)
    errors = np.zeros((10, 14, 3))
    errors[4, :, 1] = 0.01  # person 0 in frame 2
    dump = make_dump(
        10, joint_errors=errors, seq=np.full(10, 'walk'), frame=frame,
        person=np.tile([0, 1], 5),
    )  # fmt: skip
    mean, count = acceleration(dump)
    assert count == 6
    assert_allclose(mean, (10 + 20 + 10) / 6, rtol=1e-6)
    still = acceleration(dump.select([0, 1]))
    assert still.count == 0 and np.isnan(still.mean)


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match=r"has no \['visible'\]"):
        by_visibility(make_dump())
    with pytest.raises(ValueError, match=r"has no \['frame', 'person'\]"):
        acceleration(make_dump())
    named = {**optional_arrays(4), 'frame': np.array(list('abcd'))}
    with pytest.raises(ValueError, match='frame: expected whole numbers'):
        acceleration(make_dump(**named))
