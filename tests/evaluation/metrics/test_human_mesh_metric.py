import json

import numpy as np
import pytest
import rank_worker
import torch
import torch.multiprocessing as mp
from mesh_fakes import META, FakeBody, make_samples, random_parameters
from mmengine.evaluator import Evaluator
from mmengine.structures import InstanceData
from numpy.testing import assert_allclose, assert_array_equal

from mmbopr.body_models import BodyMismatchError
from mmbopr.evaluation import (
    HumanMeshMetric,
    read_dump,
    score_predictions,
    summarize,
)
from mmbopr.evaluation.protocols import ProtocolError
from mmbopr.registry import METRICS, MODELS
from mmbopr.structures import J17_FROM_H36M_17
from mmbopr.utils.rotation import axis_angle_to_matrix

COUNT = 6


@pytest.fixture(scope='module')
def parameters():
    gt = random_parameters(COUNT, seed=1)
    pose, betas, gender = random_parameters(COUNT, seed=2)
    return gt, (pose, betas, torch.full_like(gender, 2))


def evaluate(samples, size=COUNT, meta=META, batch_size=4, **kwargs):
    evaluator = Evaluator(HumanMeshMetric(FakeBody(), **kwargs))
    evaluator.dataset_meta = meta
    for start in range(0, len(samples), batch_size):
        evaluator.process(samples[start : start + batch_size])
    return evaluator.evaluate(size)


def test_a_perfect_prediction_has_no_error(parameters):
    gt, _ = parameters
    metrics = evaluate(make_samples(FakeBody(), gt, gt))
    # Batches of another size round differently: not exactly zero.
    assert metrics['mesh/MPJPE'] < 1e-3 and metrics['mesh/PVE'] < 1e-3
    assert metrics['mesh/PA-MPJPE'] < 1e-4
    assert len(metrics) == 15
    assert all(key.startswith('mesh/') for key in metrics)


def test_metric_and_offline_scores_are_one(parameters, tmp_path):
    gt, pred = parameters
    path = str(tmp_path / 'dump.npz')
    samples = make_samples(FakeBody(), gt, pred)
    metrics = evaluate(samples, dump_path=path)
    rotmat = axis_angle_to_matrix(pred[0])
    offline = score_predictions(FakeBody(), *gt, rotmat, pred[1])
    assert metrics == pytest.approx(
        {f'mesh/{k}': v for k, v in summarize(offline).items()}, rel=1e-5
    )
    dump = read_dump(path)
    assert metrics == {f'mesh/{k}': v for k, v in summarize(dump).items()}
    assert_allclose(dump.joint_errors, offline.joint_errors, atol=1e-6)
    assert_array_equal(dump.pred_pose, rotmat.numpy())
    assert_array_equal(dump.pred_betas, pred[1].numpy())
    assert_array_equal(dump.gender, gt[2].numpy())
    assert_allclose(dump.pred_cam, [[0.9, 0, 0.1]] * COUNT, rtol=1e-6)
    assert_allclose(dump.occlusion, 0.1 * np.arange(COUNT), rtol=1e-6)
    assert dump.seq.tolist() == ['seq_0', 'seq_1'] * 3


def test_the_protocol_goes_with_the_numbers(parameters, tmp_path):
    path = str(tmp_path / 'dump.npz')
    evaluate(
        make_samples(FakeBody(), *parameters),
        dump_path=path,
        protocol=dict(bbox_source='gt', bbox_scale=1.2),
        facts=dict(checkpoint='last.pth'),
    )
    assert read_dump(path).protocol == dict(
        joint_set='lsp_14',
        regressor='h36m_17',
        root='pelvis',
        gt_gender='row',
        pve_align='none',
        unit='mm',
        dataset_name='toy',
        split='test',
        ann_file='t.npz',
        body_model_id='fake-1',
        bbox_source='gt',
        bbox_scale=1.2,
        gt_source='smpl',
        sequences='all',
        checkpoint='last.pth',
        count=COUNT,
    )


def test_a_record_is_small(parameters):
    metric = HumanMeshMetric(FakeBody())
    metric.dataset_meta = META
    samples = make_samples(FakeBody(), *parameters)
    metric.process(None, [sample.to_dict() for sample in samples])
    assert len(metric.results) == COUNT
    for record in metric.results:
        assert sum(np.asarray(value).nbytes for value in record.values()) < 2e3
        assert record['joint_errors'].shape == (14, 3)


def test_order_and_batches_do_not_matter(parameters):
    samples = make_samples(FakeBody(), *parameters)
    first = evaluate(samples)
    assert evaluate(samples[::-1], batch_size=1) == pytest.approx(first)


def test_duplicates_are_dropped_and_logged(parameters, monkeypatch):
    samples = make_samples(FakeBody(), *parameters)
    expected = evaluate(samples)
    metric = HumanMeshMetric(FakeBody())
    metric.dataset_meta = META
    metric.process(None, [s.to_dict() for s in samples + samples[:2]])
    messages = []
    monkeypatch.setattr(
        'mmbopr.evaluation.metrics.human_mesh_metric.print_log',
        lambda message, **_: messages.append(message),
    )
    found = metric.compute_metrics(metric.results)
    assert {f'mesh/{k}': v for k, v in found.items()} == pytest.approx(
        expected, rel=1e-5
    )
    assert len(messages) == 1
    assert 'dropped 2 samples' in messages[0]


def test_missing_samples_are_an_error(parameters):
    samples = make_samples(FakeBody(), *parameters)
    del samples[2]
    with pytest.raises(
        ValueError, match=r'6 samples of toy t\.npz, found 5, .*\[2\]'
    ):
        evaluate(samples)
    with pytest.raises(ValueError, match='6 samples of toy'):
        evaluate([])


def test_one_metric_evaluates_again_and_again(parameters):
    metric = HumanMeshMetric(FakeBody())
    evaluator = Evaluator(metric)
    evaluator.dataset_meta = META
    samples = make_samples(FakeBody(), *parameters)
    evaluator.process(samples)
    first = evaluator.evaluate(COUNT)
    evaluator.process(samples)
    assert evaluator.evaluate(COUNT) == first


@pytest.mark.parametrize(
    ('sample_id', 'meta_id', 'words'),
    [
        ('smpl', 'fake-1', 'prediction of sample 0'),
        (None, 'fake-1', 'prediction of sample 0'),
        ('fake-1', 'smpl', 'data set'),
        ('fake-1', None, 'data set'),
    ],
)
def test_bodies_that_differ_are_refused(parameters, sample_id, meta_id, words):
    samples = make_samples(FakeBody(), *parameters, body_model_id=sample_id)
    with pytest.raises(BodyMismatchError, match='one body_model_id') as caught:
        evaluate(samples, meta={**META, 'body_model_id': meta_id})
    assert words in str(caught.value)


def test_rows_without_smpl_are_refused(parameters):
    samples = make_samples(FakeBody(), *parameters)
    samples[3].gt_instance_labels.has_smpl = torch.tensor([False])
    with pytest.raises(
        ValueError, match=r'toy t\.npz: row 3 \(images/3\.jpg\) has no SMPL'
    ):
        evaluate(samples)


def test_non_finite_predictions_name_their_samples(parameters):
    samples = make_samples(FakeBody(), *parameters)
    samples[5].pred_instances.vertices = torch.full((1, 48, 3), torch.nan)
    with pytest.raises(
        ValueError, match=r'predicted vertices \(by sample_idx\).* rows 5;'
    ):
        evaluate(samples)


def test_non_finite_truth_names_its_samples(parameters):
    samples = make_samples(FakeBody(), *parameters)
    samples[1].gt_instance_labels.betas = torch.full((1, 10), torch.nan)
    with pytest.raises(
        ValueError, match=r'true betas \(by sample_idx\).* rows 1;'
    ):
        evaluate(samples)


def test_predictions_of_another_estimator_are_refused(parameters):
    samples = make_samples(FakeBody(), *parameters)
    del samples[1].pred_instances.joints_h36m
    with pytest.raises(
        ValueError, match=r"sample 1: pred_instances lacks \['joints_h36m'\]"
    ):
        evaluate(samples)


def test_facts_are_no_protocol():
    with pytest.raises(ValueError, match=r"facts: \['pve_align'\] are meas"):
        HumanMeshMetric(FakeBody(), facts=dict(pve_align='pelvis'))
    with pytest.raises(TypeError, match='not JSON serializable'):
        HumanMeshMetric(FakeBody(), facts=dict(checkpoint=object()))


def test_alignment_and_gender_are_measured_as_asked(parameters, tmp_path):
    gt, pred = parameters
    path = str(tmp_path / 'dump.npz')
    protocol = dict(gt_gender='neutral', pve_align='pelvis', root='mid_hip')
    samples = make_samples(FakeBody(), gt, pred)
    evaluate(samples, dump_path=path, protocol=protocol)
    rotmat = axis_angle_to_matrix(pred[0])
    offline = score_predictions(
        FakeBody(), *gt, rotmat, pred[1], protocol=protocol
    )
    dump = read_dump(path)
    assert_allclose(dump.vertex_errors, offline.vertex_errors, atol=1e-6)
    assert_allclose(dump.joint_errors, offline.joint_errors, atol=1e-6)
    assert dump.protocol['pve_align'] == 'pelvis'


def test_key_points_of_3dhp(parameters, tmp_path):
    path = str(tmp_path / 'dump.npz')
    metrics = evaluate(
        make_samples(FakeBody(), *parameters),
        protocol='mpi_inf_3dhp_test',
        acknowledged_count=COUNT,
        dump_path=path,
    )
    assert {'mesh/MPJPE', 'mesh/PCK', 'mesh/AUC'} < set(metrics)
    assert 'mesh/PVE' not in metrics
    dump = read_dump(path)
    # All true joints coincide: the error is the prediction around its root.
    joints = [
        sample.pred_instances.joints_h36m[0]
        for sample in make_samples(FakeBody(), *parameters)
    ]
    joints = torch.stack(joints)[:, list(J17_FROM_H36M_17)]
    expected = joints - joints[:, 14:15]
    assert_allclose(dump.joint_errors, expected, atol=1e-6)


def test_predictions_for_a_server_are_kept(parameters, tmp_path):
    path = str(tmp_path / 'dump.npz')
    samples = make_samples(FakeBody(), *parameters)
    for sample in samples:
        sample.gt_instance_labels = InstanceData()
    metrics = evaluate(samples, protocol='agora_test', dump_path=path)
    assert metrics == {}
    dump = read_dump(path)
    assert np.isnan(dump.joint_errors).all() and len(dump) == COUNT
    assert dump.joint_errors.shape == (COUNT, 24, 3)
    assert_allclose(dump.cam_transl_full[:, 2], 5 + np.arange(COUNT))


def test_the_dump_says_where_a_sample_comes_from(parameters, tmp_path):
    path = str(tmp_path / 'dump.npz')
    evaluate(make_samples(FakeBody(), *parameters), dump_path=path)
    dump = read_dump(path)
    assert dump.img_path[5] == 'images/5.jpg'
    assert dump.frame.tolist() == list('001122')
    assert dump.img_hw.tolist() == [[360, 480]] * COUNT
    assert dump.bbox.tolist() == [[240, 180, 300, 300]] * COUNT
    assert dump.K_full.tolist() == [[600, 600, 240, 180]] * COUNT
    # J24 stands in SPIN-49 from 25 on, the head of LSP-14 at J24's 18.
    places = np.array([*range(25, 38), 43])
    assert_array_equal(dump.visible, places % 6 != np.arange(COUNT)[:, None])
    assert not dump.degenerate.any()


def test_a_wrong_number_of_samples_must_be_acknowledged(parameters, tmp_path):
    samples = make_samples(FakeBody(), *parameters)
    path = str(tmp_path / 'dump.npz')
    with pytest.raises(ProtocolError, match=r'expected 35515 .*found 6: .*=6'):
        evaluate(samples, protocol='pw3d_test', dump_path=path)
    assert len(read_dump(path)) == COUNT  # hours of work are not lost
    metrics = evaluate(
        samples, protocol='pw3d_test', dump_path=path, acknowledged_count=6
    )
    assert metrics['mesh/MPJPE'] > 0
    protocol = read_dump(path).protocol
    assert protocol['expected_count'] == 35515
    assert protocol['acknowledged_count'] == 6 == protocol['count']
    with pytest.raises(ValueError, match='expected 35515'):
        evaluate(samples, protocol='pw3d_test', acknowledged_count=7)


def test_sequences_of_another_subset_are_refused(parameters):
    samples = make_samples(FakeBody(), *parameters, seq='downtown_bus_00')
    with pytest.raises(
        ProtocolError, match=r"\['downtown_bus'\] are not part"
    ):
        evaluate(samples, protocol='pw3d_occ')


def test_the_registries_build_it(monkeypatch):
    monkeypatch.setitem(MODELS.module_dict, 'FakeBody', FakeBody)
    metric = METRICS.build(
        dict(type='HumanMeshMetric', body_model=dict(type='FakeBody'))
    )
    assert isinstance(metric, HumanMeshMetric)
    assert metric.body_model.body_model_id == 'fake-1'
    assert metric.prefix == 'mesh'


def test_two_ranks_with_padding_equal_one(tmp_path):
    """5 samples on 2 ranks: the sampler pads rank 1 with sample 0."""
    mp.spawn(rank_worker.run_rank, (2, str(tmp_path)), nprocs=2)
    ranks = [
        json.loads((tmp_path / f'metrics_{rank}.json').read_text())
        for rank in range(2)
    ]
    assert [rank['indices'] for rank in ranks] == [[0, 2, 4], [1, 3, 0]]
    assert ranks[0]['metrics'] == ranks[1]['metrics']
    indices = list(range(rank_worker.NUM_SAMPLES))
    alone = rank_worker.evaluate(indices, str(tmp_path / 'one_rank.npz'))
    assert ranks[0]['metrics'] == pytest.approx(alone, rel=1e-6)
    dump = read_dump(str(tmp_path / 'two_ranks.npz'))
    assert dump.sample_idx.tolist() == indices
    one = read_dump(str(tmp_path / 'one_rank.npz'))
    assert_allclose(dump.joint_errors, one.joint_errors, atol=1e-6)
