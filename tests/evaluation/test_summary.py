import numpy as np
import pytest
from dump_fakes import make_dump, optional_arrays
from numpy.testing import assert_allclose

from mmbopr.evaluation import (
    drop_failures,
    failed_rows,
    sample_metrics,
    summarize,
)
from mmbopr.evaluation.summary import check_identities


def test_summary_worked_by_hand():
    errors = np.zeros((2, 14, 3))
    errors[0, 0] = [0.003, 0.004, 0]
    errors[1, 13] = [0, 0, -0.014]
    dump = make_dump(
        2,
        joint_errors=errors,
        joint_errors_pa=np.full((2, 14), 0.002),
        vertex_errors=np.array([0.01, 0.03]),
        vertex_errors_pa=np.array([0.01, 0.02]),
    )
    expected = {
        'MPJPE': (5 / 14 + 1) / 2,
        'PA-MPJPE': 2.0,
        'PVE': 20.0,
        'PA-PVE': 15.0,
        'MPJPE_x': 3 / 28,
        'MPJPE_y': 4 / 28,
        'MPJPE_z': 0.5,
        'MPJPE_Ankle': 1.25,
        'MPJPE_Knee': 0.0,
        'MPJPE_Hip': 0.0,
        'MPJPE_Wrist': 0.0,
        'MPJPE_Elbow': 0.0,
        'MPJPE_Shoulder': 0.0,
        'MPJPE_Neck': 0.0,
        'MPJPE_Head': 7.0,
    }
    assert summarize(dump) == pytest.approx(expected)
    samples = sample_metrics(dump)
    assert_allclose(samples['MPJPE'], [5 / 14, 1])
    assert_allclose(samples['PVE'], [10, 30])


def test_means_are_taken_in_float64():
    count = 200_000
    errors = np.zeros((count, 14, 3), np.float32)
    errors[..., 2] = 0.1
    pa = np.full((count, 14), 0.1, np.float32)
    metrics = summarize(
        make_dump(
            count, joint_errors=errors, joint_errors_pa=pa,
            vertex_errors=pa[:, 0], seq=np.full(count, ''),
        )
    )  # fmt: skip
    for key in ('MPJPE', 'PA-MPJPE', 'PVE', 'MPJPE_z'):
        assert_allclose(metrics[key], 1000 * float(np.float32(0.1)), 1e-12)


def test_key_points_of_3dhp_have_pck_and_no_pve():
    protocol = dict(joint_set='j17', gt_source='keypoints_3d')
    errors = np.zeros((1, 17, 3))
    errors[0, :5, 1] = 0.2
    errors[0, 16, 1] = 0.012
    unknown = dict(vertex_errors=[np.nan], vertex_errors_pa=[np.nan])
    dump = make_dump(1, protocol=protocol, joint_errors=errors, **unknown)
    metrics = summarize(dump)
    assert not {'PVE', 'PA-PVE'} & set(metrics)
    assert_allclose(metrics['MPJPE'], (5 * 200 + 12) / 17)
    assert_allclose(metrics['PCK'], 100 * 12 / 17)
    assert_allclose(metrics['AUC'], 100 * (11 * 30 + 28) / 31 / 17)
    assert_allclose(metrics['MPJPE_Jaw'], 12, rtol=1e-6)


def test_joints_of_the_tree_have_no_parts():
    metrics = summarize(make_dump(protocol=dict(joint_set='smpl_24')))
    assert set(metrics) == {
        'MPJPE', 'PA-MPJPE', 'PVE', 'MPJPE_x', 'MPJPE_y', 'MPJPE_z',
    }  # fmt: skip


def test_without_truth_there_is_no_metric():
    nan = make_dump(protocol=dict(gt_source='none'))
    assert sample_metrics(nan) == summarize(nan) == {}


def test_nothing_has_no_summary():
    with pytest.raises(ValueError, match='at least one sample'):
        summarize(make_dump(count=0))


@pytest.mark.parametrize(
    'name', ['joint_errors', 'joint_errors_pa', 'vertex_errors']
)
def test_failures_are_refused_until_they_are_counted(name):
    dump = make_dump(**optional_arrays(4))
    getattr(dump, name)[2] = np.nan
    assert failed_rows(dump).tolist() == [False, False, True, False]
    with pytest.raises(ValueError, match=r'1 of 4 samples .*\(sample_idx 4\)'):
        summarize(dump)
    kept = drop_failures(dump)
    assert kept.sample_idx.tolist() == [0, 2, 6]
    assert kept.protocol['num_failed'] == 1 and kept.protocol['count'] == 3
    assert drop_failures(kept).protocol['num_failed'] == 1
    assert summarize(kept) == summarize(dump.select([0, 1, 3]))


def test_numbers_of_two_evaluations_are_found_out():
    metrics = summarize(make_dump())
    check_identities(metrics, 'lsp_14')
    with pytest.raises(ArithmeticError, match='root sum of squares'):
        double = 2 * metrics['MPJPE_z']
        check_identities({**metrics, 'MPJPE_z': double}, 'lsp_14')
    with pytest.raises(ArithmeticError, match='weighted mean'):
        check_identities({**metrics, 'MPJPE_Head': 0.0}, 'lsp_14')
