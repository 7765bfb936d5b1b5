import numpy as np
import pytest
import torch
from mesh_fakes import FakeBody, random_parameters
from numpy.testing import assert_allclose, assert_array_equal

from mmbopr.body_models import GenderedSMPL
from mmbopr.evaluation import (
    build_protocol,
    drop_failures,
    score_labels,
    score_predictions,
    summarize,
)
from mmbopr.evaluation.bodies import pose_bodies
from mmbopr.evaluation.functional import mean_body
from mmbopr.structures import (
    H36M_17,
    J17_FROM_J24,
    LSP_14_FROM_H36M_17,
)
from mmbopr.utils.rotation import axis_angle_to_matrix


def test_own_parameters_score_zero_on_the_neutral_body():
    pose, betas, gender = random_parameters(5)
    gender[:] = 2
    dump = score_predictions(
        FakeBody(), pose, betas, gender, axis_angle_to_matrix(pose), betas
    )
    metrics = summarize(dump)
    assert metrics['MPJPE'] == metrics['PVE'] == 0
    assert metrics['PA-MPJPE'] < 1e-9 and metrics['PA-PVE'] < 1e-9
    assert dump.protocol['body_model_id'] == 'fake-1'
    assert dump.protocol['count'] == 5


def test_truth_has_its_gender_and_the_prediction_none():
    """The fake male is the neutral body times 1.1, so PA sees nothing."""
    pose, betas, gender = random_parameters(3)
    gender[:] = torch.tensor([0, 1, 2])
    body = FakeBody()
    rotmat = axis_angle_to_matrix(pose)
    dump = score_predictions(body, pose, betas, gender, rotmat, betas)
    neutral = torch.full_like(gender, 2)
    vertices, joints = pose_bodies(body, rotmat, betas, neutral)
    size = np.array([1.1, 0.9, 1.0])
    joints = (joints - joints[:, :1])[:, list(LSP_14_FROM_H36M_17)].numpy()
    assert_allclose(
        dump.joint_errors, (1 - size)[:, None, None] * joints, atol=1e-6
    )
    assert_allclose(dump.joint_errors_pa, np.zeros((3, 14)), atol=1e-6)
    lengths = vertices.norm(dim=-1).mean(1).numpy()
    assert_allclose(dump.vertex_errors, abs(1 - size) * lengths, atol=1e-6)


def test_batches_do_not_show():
    gt, pred = random_parameters(7, seed=1), random_parameters(7, seed=2)
    dumps = [
        score_predictions(
            FakeBody(),
            *gt,
            axis_angle_to_matrix(pred[0]),
            pred[1],
            occlusion=np.linspace(0, 1, 7),
            facts=dict(split='test'),
            batch_size=batch_size,
        )
        for batch_size in (2, 100)
    ]
    assert_allclose(dumps[0].joint_errors, dumps[1].joint_errors, atol=1e-6)
    assert_array_equal(dumps[0].sample_idx, np.arange(7))
    assert_allclose(dumps[0].occlusion, np.linspace(0, 1, 7), rtol=1e-6)
    assert_array_equal(dumps[0].pred_betas, pred[1].numpy())
    assert dumps[0].protocol['split'] == 'test'


def test_mean_body_is_scored_like_any_prediction():
    gt = random_parameters(6)
    rotmat, betas = mean_body(gt[0], gt[1])
    mean = score_predictions(FakeBody(), *gt, rotmat, betas)
    assert_allclose(mean.pred_pose[4], rotmat, atol=1e-6)
    repeated = score_predictions(
        FakeBody(), *gt, np.tile(rotmat, (6, 1, 1, 1)), np.tile(betas, (6, 1))
    )
    # torch 2.1 multiplies a broadcast batch in another order.
    assert_allclose(mean.joint_errors, repeated.joint_errors, atol=1e-6)
    worse = score_predictions(
        FakeBody(), *gt, np.tile(np.diag([-1, -1, 1]), (24, 1, 1)), betas
    )
    assert summarize(mean)['MPJPE'] < summarize(worse)['MPJPE']


@pytest.mark.parametrize(
    ('position', 'shape', 'message'),
    [
        (0, (4, 72), r'pose: expected shape \(4, 24, 3\), found \(4, 72\)'),
        (1, (10,), r'betas: expected shape \(4, 10\), found \(10,\)'),
        (2, (3,), r'gender: expected shape \(4,\), found \(3,\)'),
        (3, (3, 24, 3, 3), r'pred_pose_rotmat: .* or \(24, 3, 3\), found'),
        (4, (4, 11), r'pred_betas: .*found \(4, 11\)'),
    ],
)
def test_wrong_shapes_are_refused(position, shape, message):
    pose, betas, gender = random_parameters(4)
    args = [pose, betas, gender, axis_angle_to_matrix(pose), betas]
    args[position] = np.zeros(shape)
    with pytest.raises(ValueError, match=message):
        score_predictions(FakeBody(), *args)


def test_turning_the_open_body_leaves_its_shape():
    """A wrong root about z: PA forgives it, x and y see it, z does not."""
    pose, betas, gender = random_parameters(2)
    turn = axis_angle_to_matrix(torch.tensor([0.0, 0.0, 0.3]))
    rotmat = axis_angle_to_matrix(pose)
    rotmat[:, 0] = turn @ rotmat[:, 0]
    body = GenderedSMPL('open')
    dump = score_predictions(body, pose, betas, gender, rotmat, betas)
    metrics = summarize(dump)
    assert metrics['PA-MPJPE'] < 1e-3
    assert metrics['MPJPE_z'] < 1e-3
    assert min(metrics['MPJPE_x'], metrics['MPJPE_y']) > 10
    assert dump.protocol['body_model_id'] == body.body_model_id
    # Relative to the pelvis, a turned body is (turn) times the true one.
    joints = pose_bodies(body, axis_angle_to_matrix(pose), betas, gender)[1]
    joints = (joints - joints[:, :1])[:, list(LSP_14_FROM_H36M_17)]
    expected = joints @ (turn - torch.eye(3)).T
    assert_allclose(dump.joint_errors, expected, atol=1e-5)


def test_a_protocol_decides_what_is_scored():
    gt, pred = random_parameters(4, seed=1), random_parameters(4, seed=2)
    rotmat = axis_angle_to_matrix(pred[0])
    plain, neutral = (
        score_predictions(FakeBody(), *gt, rotmat, pred[1], protocol=protocol)
        for protocol in ('pw3d_test', 'pw3d_test_neutral')
    )
    assert plain.protocol['gt_gender'] == 'row'
    assert neutral.protocol['name'] == 'pw3d_test_neutral'
    same = gt[2].numpy() == 2
    assert same.any() and not same.all()
    distance = abs(plain.joint_errors - neutral.joint_errors).max((1, 2))
    assert (distance[same] == 0).all() and (distance[~same] > 1e-3).all()


def test_key_points_are_scored_without_a_mesh():
    pose, betas, _ = random_parameters(3)
    rotmat = axis_angle_to_matrix(pose)
    body, neutral = FakeBody(), torch.full((3,), 2)
    _, joints = pose_bodies(body, rotmat, betas, neutral)
    keypoints = torch.zeros(3, 24, 4)
    keypoints[..., 3] = 1
    protocol = build_protocol('mpi_inf_3dhp_test')
    joints = protocol.take_joints(joints, H36M_17)
    keypoints[:, list(J17_FROM_J24), :3] = joints + 0.7
    labels = dict(
        keypoints_3d=keypoints, has_keypoints_3d=torch.ones(3, dtype=bool)
    )
    dump = score_labels(body, labels, rotmat, betas, protocol=protocol)
    metrics = summarize(dump)
    assert metrics['MPJPE'] < 1e-3 and metrics['PCK'] == 100
    assert 'PVE' not in metrics and np.isnan(dump.vertex_errors).all()
    assert dump.gender.tolist() == [2, 2, 2]


def test_a_prediction_that_is_not_finite_fails_alone():
    gt, pred = random_parameters(5, seed=1), random_parameters(5, seed=2)
    rotmat, betas = axis_angle_to_matrix(pred[0]), pred[1].clone()
    whole = score_predictions(FakeBody(), *gt, rotmat, betas)
    rotmat[3, 7, 0, 0], betas[1, 2] = torch.nan, torch.inf
    dump = score_predictions(FakeBody(), *gt, rotmat, betas)
    with pytest.raises(ValueError, match=r'2 of 5 samples .*sample_idx 1, 3'):
        summarize(dump)
    kept = drop_failures(dump)
    assert kept.protocol['num_failed'] == 2
    assert_allclose(kept.joint_errors, whole.joint_errors[[0, 2, 4]], 1e-5)
    assert np.isnan(dump.pred_pose[3, 7, 0, 0])


def test_truth_that_is_not_finite_is_refused():
    gt = random_parameters(3)
    gt[1][2, 0] = torch.nan
    rotmat = axis_angle_to_matrix(gt[0])
    with pytest.raises(ValueError, match=r'true betas: .* rows 2;'):
        score_predictions(FakeBody(), *gt, rotmat, torch.zeros(10))


def test_a_collapsed_body_is_marked():
    """All vertices in one point: the fake body shrinks with its betas."""
    body = FakeBody()
    body.template = body.template * 0
    gt = random_parameters(2)
    betas = torch.stack([torch.zeros(10), gt[1][1]])
    rotmat = axis_angle_to_matrix(gt[0])
    with pytest.warns(RuntimeWarning, match='rows 0; scale 1'):
        dump = score_predictions(body, *gt, rotmat, betas)
    assert dump.degenerate.tolist() == [True, False]


def test_sequences_outside_the_benchmark_are_refused():
    gt = random_parameters(2)
    rotmat = axis_angle_to_matrix(gt[0])
    options = dict(protocol='pw3d_occ')
    inside = ['downtown_stairs_00', 'flat_guitar_01']
    dump = score_predictions(
        FakeBody(), *gt, rotmat, gt[1], seq=np.array(inside), **options
    )
    assert dump.seq.tolist() == inside
    outside = np.array(['downtown_stairs_00', 'downtown_upstairs_00'])
    with pytest.raises(ValueError, match=r"\['downtown_upstairs'\] are not"):
        score_predictions(
            FakeBody(), *gt, rotmat, gt[1], seq=outside, **options
        )
