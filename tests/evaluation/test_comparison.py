from dataclasses import replace

import numpy as np
import pytest
from dump_fakes import make_dump
from numpy.testing import assert_allclose

from mmbopr.evaluation import sample_metrics, summarize
from mmbopr.evaluation.comparison import (
    check_comparable,
    check_planned,
    compare_dumps,
)

COUNT = 30
SEQUENCES = np.array([f's{i % 6}' for i in range(COUNT)])


def dump(seed, **changes):
    return make_dump(COUNT, seed, seq=SEQUENCES, **changes)


def test_differences_worked_by_hand():
    first = dump(0)
    second = replace(
        first,
        joint_errors=1.1 * first.joint_errors,
        vertex_errors=first.vertex_errors + 0.01,
        protocol={**first.protocol, 'checkpoint': 'another.pth'},
    )
    found = compare_dumps(first, second)
    mpjpe, pve = found.differences['MPJPE'], found.differences['PVE']
    assert mpjpe.first == pytest.approx(summarize(first)['MPJPE'])
    assert mpjpe.relative == pytest.approx(0.1, rel=1e-5)
    assert mpjpe.low < mpjpe.difference < mpjpe.high
    # The same everywhere: the interval shrinks to a point.
    assert_allclose([pve.difference, pve.low, pve.high], 10, rtol=1e-5)
    # Of the 64 signs of 6 sequences, 2 lead as far.
    assert mpjpe.p_value == pytest.approx(2 / 64, abs=0.01)
    assert found.differences['PA-MPJPE'].p_value == 1
    assert (found.count, found.num_failed) == (COUNT, 0)
    assert (found.unit, found.num_units) == ('sequence', 6)


def test_the_second_backwards_is_the_opposite():
    forth, back = (
        compare_dumps(*pair).differences['PVE']
        for pair in ((dump(0), dump(1)), (dump(1), dump(0)))
    )
    assert_allclose(
        [forth.difference, forth.low, forth.high],
        [-back.difference, -back.high, -back.low],
    )
    assert forth.p_value == back.p_value


def test_pairs_are_found_in_any_order():
    first, second = dump(0), dump(1)
    shuffled = second.select(np.random.default_rng(0).permutation(COUNT))
    assert compare_dumps(first, shuffled) == compare_dumps(first, second)


def test_samples_on_which_one_failed_are_left_out_of_both():
    first, second = dump(0), dump(1)
    first.vertex_errors[3] = np.nan
    second.joint_errors[[3, 8], 0, 0] = np.inf
    found = compare_dumps(first, second)
    assert (found.count, found.num_failed) == (COUNT - 2, 2)
    rows = np.setdiff1d(np.arange(COUNT), [3, 8])
    expected = sample_metrics(first.select(rows))['PVE'].mean()
    assert found.differences['PVE'].first == pytest.approx(expected)


@pytest.mark.parametrize(
    ('here', 'there', 'message'),
    [
        (dict(), dict(gt_gender='neutral'), r"gt_gender \('row' and 'neut"),
        (dict(pve_align='pelvis'), dict(), r"pve_align \('pelvis' and 'none"),
        (dict(name='pw3d_test'), dict(), r"name \('pw3d_test' and ''\)"),
        (dict(split='test'), dict(split='val'), r"split \('test' and 'val'"),
        (dict(body_model_id='smpl'), dict(), r"body_model_id \('smpl' and No"),
        (
            dict(root='mid_hip', data_sha256='1'),
            dict(data_sha256='2'),
            r"root .*, data_sha256 \('1' and '2'\); evaluate both",
        ),
    ],
)
def test_protocols_that_differ_are_refused(here, there, message):
    first, second = dump(0, protocol=here), dump(1, protocol=there)
    with pytest.raises(ValueError, match=message):
        compare_dumps(first, second)


def test_what_belongs_to_the_method_may_differ():
    here = dict(config='a.py', checkpoint_sha256='1', ann_file='/x/test.npz')
    there = dict(config='b.py', ann_file='/y/test.npz', data_sha256='3')
    check_comparable(dump(0, protocol=here), dump(1, protocol=there))


def test_other_samples_are_refused():
    first, second = dump(0), dump(1)
    with pytest.raises(
        ValueError,
        match=r'2 only in the first \(sample_idx \[0, 2\]\), 0 only in the',
    ):
        compare_dumps(first, second.select(np.arange(2, COUNT)))


def test_a_planned_evaluation_is_compared_as_far_as_it_is_known():
    protocol = dict(
        name='pw3d_test',
        body_model_id='smpl',
        dataset_name='3dpw',
        bbox_scale=1.2,
        data_sha256='1',
    )
    done = dump(0, protocol=protocol)
    planned = dict(name='pw3d_test', bbox_scale=1.2, data_sha256='1')
    check_planned(done, planned)
    check_planned(done, {**planned, 'checkpoint': 'b.pth'})
    with pytest.raises(ValueError, match=r"name \('pw3d_test' and ''\)"):
        check_planned(done, dict(bbox_scale=1.2))
    with pytest.raises(ValueError, match=r"data_sha256 \('1' and '2'\)"):
        check_planned(done, {**planned, 'data_sha256': '2'})
