import numpy as np
import pytest
import torch
from mesh_fakes import FakeBody, random_parameters
from numpy.testing import assert_allclose, assert_array_equal

from mmbopr.evaluation import drop_failures, score_predictions, summarize
from mmbopr.evaluation.predictions import (
    Predictions,
    read_predictions,
    score_annotations,
)
from mmbopr.testing.people import random_annotations
from mmbopr.utils.rotation import axis_angle_to_matrix

COUNT = 6
ALL = np.arange(COUNT)


@pytest.fixture
def columns():
    """Rows of two splits and two kinds of sequences."""
    pose, betas, gender = random_parameters(COUNT, seed=1)
    return random_annotations(COUNT) | dict(
        pose=pose.numpy(),
        betas=betas.numpy(),
        gender=gender.numpy(),
        seq=np.array(['flat_guitar_01', 'downtown_bus_00'] * 3),
        split=np.array(['train'] * 2 + ['test'] * 4),
    )


def predict(rows=ALL, **changes):
    pose, betas, _ = random_parameters(COUNT, seed=2)
    fields = dict(
        pose_rotmat=axis_angle_to_matrix(pose).numpy()[rows],
        betas=betas.numpy()[rows],
        sample_idx=np.arange(len(rows)),
        method='theirs',
        body_model_id='fake-1',
    )
    return Predictions(**{**fields, **changes})


def write(path, **changes):
    pose, betas, _ = random_parameters(COUNT, seed=2)
    content = dict(pose=pose.numpy(), betas=betas.numpy()) | changes
    np.savez(path, **{k: v for k, v in content.items() if v is not None})
    return path


# --- the file
def test_axis_angle_and_matrices_are_read_alike(tmp_path):
    path = write(tmp_path / 'theirs.npz')
    found = read_predictions(path)
    expected = predict()
    assert_allclose(found.pose_rotmat, expected.pose_rotmat, atol=1e-6)
    assert_array_equal(found.betas, expected.betas)
    assert found.sample_idx.tolist() == list(range(COUNT))
    assert (found.method, found.body_model_id) == ('theirs', 'smpl')
    matrices = write(
        tmp_path / 'b.npz', pose=None, pose_rotmat=expected.pose_rotmat,
        method='PARE', body_model_id='open-1', sample_idx=np.arange(6)[::-1],
    )  # fmt: skip
    found = read_predictions(matrices)
    assert_allclose(found.pose_rotmat, expected.pose_rotmat)
    assert (found.method, found.body_model_id) == ('PARE', 'open-1')
    assert found.sample_idx.tolist() == [5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (
            dict(pose=None),
            r"pose_rotmat must be .* found none; keys are \['be",
        ),
        (dict(pose=np.zeros((6, 72))), r'\(N, 24, 3\), found float64 \(6, 72'),
        (dict(betas=np.zeros((6, 10), int)), 'betas must be floats'),
        (dict(betas=np.zeros((5, 10))), 'there are 6 poses, but 5 betas'),
        (dict(sample_idx=[0, 1, 1, 2, 3, 4]), '6 different rows, .* with 5 '),
        (dict(sample_idx=[0]), r'found shape \(1,\)'),
        (dict(betas=np.array([{}] * 6)), 'foreign file .*betas holds pickled'),
    ],
)
def test_unusable_files_are_named(tmp_path, changes, message):
    path = write(tmp_path / 'theirs.npz', **changes)
    with pytest.raises(ValueError, match=rf'theirs\.npz: .*{message}'):
        read_predictions(path)


def test_files_that_are_none_are_named(tmp_path):
    path = tmp_path / 'text.npz'
    path.write_text('68.8')
    with pytest.raises(ValueError, match=r'text\.npz: expected predictions'):
        read_predictions(path)
    with pytest.raises(FileNotFoundError):
        read_predictions(tmp_path / 'none.npz')


# --- scores
def test_scores_are_those_of_the_parameters(columns):
    theirs = predict()
    dump = score_annotations(theirs, columns, FakeBody())
    expected = score_predictions(
        FakeBody(), columns['pose'], columns['betas'], columns['gender'],
        theirs.pose_rotmat, theirs.betas,
    )  # fmt: skip
    assert summarize(dump) == pytest.approx(summarize(expected))
    assert dump.protocol['method'] == 'theirs'
    assert dump.seq.tolist() == columns['seq'].tolist()
    assert dump.frame.tolist() == list('012345')
    assert dump.bbox[0].tolist() == [240, 180, 300, 300]


def test_rows_may_come_in_any_order(columns):
    order = np.array([3, 0, 5, 1, 4, 2])
    shuffled = predict(order, sample_idx=order)
    dump = score_annotations(shuffled, columns, FakeBody())
    expected = score_annotations(predict(), columns, FakeBody())
    assert dump.sample_idx.tolist() == order.tolist()
    assert_allclose(dump.joint_errors, expected.joint_errors[order], atol=1e-6)
    assert dump.img_path[1] == 'images/000000.jpg'


def test_only_rows_of_split_and_benchmark_are_scored(columns):
    test = predict(np.arange(2, 6))
    dump = score_annotations(test, columns, FakeBody(), split='test')
    expected = score_annotations(predict(), columns, FakeBody())
    assert_allclose(dump.joint_errors, expected.joint_errors[2:], atol=1e-6)
    occluded = score_annotations(
        predict(np.array([2, 4])), columns, FakeBody(),
        protocol='pw3d_occ', split='test',
    )  # fmt: skip
    assert occluded.seq.tolist() == ['flat_guitar_01'] * 2
    assert occluded.img_path[1] == 'images/000004.jpg'
    del columns['split']
    with pytest.raises(ValueError, match="'test' is asked for, but"):
        score_annotations(test, columns, FakeBody(), split='test')


def test_failures_are_counted(columns):
    theirs = predict()
    theirs.betas[4] = np.nan
    dump = score_annotations(theirs, columns, FakeBody())
    kept = drop_failures(dump)
    assert len(kept) == 5 and kept.protocol['num_failed'] == 1


def test_key_points_are_scored(columns):
    columns['kp3d'][..., 3] = 1
    dump = score_annotations(
        predict(), columns, FakeBody(), protocol='mpi_inf_3dhp_test',
        acknowledged_count=6,
    )  # fmt: skip
    assert {'MPJPE', 'PCK', 'AUC'} < set(summarize(dump))
    assert dump.protocol['acknowledged_count'] == 6


def test_what_cannot_be_scored_is_refused(columns):
    with pytest.raises(ValueError, match=r"of body 'smpl', but .* 'fake-1'"):
        theirs = predict(body_model_id='smpl')
        score_annotations(theirs, columns, FakeBody())
    with pytest.raises(ValueError, match='6 rows are to be scored, found 5'):
        score_annotations(predict(np.arange(5)), columns, FakeBody())
    with pytest.raises(ValueError, match='expected 35515 samples, found 6'):
        score_annotations(predict(), columns, FakeBody(), protocol='pw3d_test')
    columns['has_smpl'][[1, 3]] = False
    with pytest.raises(
        ValueError, match=r'row 1 \(and 1 others\) has no SMPL'
    ):
        score_annotations(predict(), columns, FakeBody())
    assert torch.is_grad_enabled()
