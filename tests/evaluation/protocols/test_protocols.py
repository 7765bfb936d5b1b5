import json
from pathlib import Path

import numpy as np
import pytest
import torch
from mesh_fakes import FakeBody, random_parameters
from numpy.testing import assert_allclose

from mmbopr.evaluation import (
    EvaluationProtocol,
    KeypointProtocol,
    MeshProtocol,
    UnlabelledProtocol,
    build_protocol,
)
from mmbopr.evaluation.protocols import Body
from mmbopr.structures import (
    H36M_17,
    J17,
    J17_FROM_J24,
    J24,
    LSP_14_FROM_H36M_17,
)

FOLDER = Path(__file__).parents[3] / 'configs/_base_/protocols'
NAMES = sorted(path.stem for path in FOLDER.glob('*.py'))


def test_errors_of_meshes_worked_by_hand():
    rng = torch.Generator().manual_seed(0)
    vertices = torch.randn(1, 5, 3, generator=rng)
    joints = torch.randn(1, 17, 3, generator=rng)
    protocol = MeshProtocol()
    truth = protocol.body(vertices, joints)
    moved = joints.clone()
    moved[0, 3] += torch.tensor([0.1, 0, -0.2])  # left ankle: LSP-14's 5
    offset = torch.tensor([0.03, 0, 0.04])
    found = protocol.measure(protocol.body(vertices + offset, moved), truth)
    expected = np.zeros((1, 14, 3))
    expected[0, 5] = [0.1, 0, -0.2]
    assert_allclose(found['joint_errors'], expected, atol=1e-6)
    assert_allclose(found['vertex_errors'], [0.05], rtol=1e-5)
    assert_allclose(found['vertex_errors_pa'], [0], atol=1e-6)
    # Moving the pelvis, row 0, moves every other joint relative to it.
    moved = joints.clone()
    moved[0, 0] += torch.tensor([0, 0.01, 0])
    found = protocol.measure(protocol.body(vertices, moved), truth)
    assert_allclose(found['joint_errors'], [[[0, -0.01, 0]] * 14], atol=1e-6)
    assert_allclose(found['joint_errors_pa'], np.zeros((1, 14)), atol=1e-6)
    assert found['vertex_errors'] == 0


@pytest.mark.parametrize(
    ('align', 'roots'), [('none', []), ('pelvis', [0]), ('mid_hip', [1, 4])]
)
def test_vertices_are_aligned_by_their_own_joints(align, roots):
    rng = np.random.default_rng(0)
    meshes = rng.normal(size=(2, 3, 6, 3)).astype(np.float32)
    joints = rng.normal(size=(2, 3, 17, 3)).astype(np.float32)
    protocol = MeshProtocol(pve_align=align)
    pred, truth = (
        protocol.body(torch.tensor(v), torch.tensor(j))
        for v, j in zip(meshes, joints, strict=True)
    )
    if roots:
        meshes = meshes - joints[:, :, roots].mean(2, keepdims=True)
    expected = np.linalg.norm(meshes[0] - meshes[1], axis=-1).mean(1)
    found = protocol.measure(pred, truth)
    assert_allclose(found['vertex_errors'], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ('root', 'at'), [('pelvis', [0]), ('mid_hip', [1, 4])]
)
def test_roots_of_joints(root, at):
    joints = torch.randn(2, 17, 3, generator=torch.Generator().manual_seed(1))
    protocol = MeshProtocol(root=root)
    expected = joints[:, list(LSP_14_FROM_H36M_17)]
    expected = expected - joints[:, at].mean(1, keepdim=True)
    found = protocol.body(torch.zeros(2, 1, 3), joints).joints
    torch.testing.assert_close(found, expected)


def test_truth_is_posed_by_the_gender_that_is_asked_for():
    pose, betas, gender = random_parameters(4)
    gender[:] = torch.tensor([0, 1, 2, 0])
    labels = dict(smpl_pose=pose, betas=betas, gender=gender)
    row, neutral = (
        MeshProtocol(gt_gender=g).truth(FakeBody(), labels).vertices
        for g in ('row', 'neutral')
    )
    size = torch.tensor([1.1, 0.9, 1.0, 1.1])[:, None, None]
    torch.testing.assert_close(row, size * neutral)


def test_key_points_keep_their_places():
    """Row k of J24 holds (k, 0, 0): the root's number is taken off."""
    keypoints = torch.ones(1, 24, 4)
    keypoints[0, :, :3] = torch.arange(24.0)[:, None] * torch.tensor([1, 0, 0])
    labels = dict(
        keypoints_3d=keypoints, has_keypoints_3d=torch.tensor([True])
    )
    x = KeypointProtocol(joint_set='j17').truth(None, labels).joints[0, :, 0]
    assert x.tolist() == [k - 14 for k in J17_FROM_J24]
    x = KeypointProtocol(root='mid_hip').truth(None, labels).joints[0, :, 0]
    assert x.tolist() == [k - 2.5 for k in J17_FROM_J24[:14]]


def test_rows_without_truth_are_found():
    keypoints = torch.ones(4, 24, 4)
    keypoints[1, J24.names.index('head_h36m'), 3] = 0  # in LSP-14
    keypoints[2, J24.names.index('jaw_h36m'), 3] = 0  # only in J17
    labels = dict(
        keypoints_3d=keypoints,
        has_keypoints_3d=torch.tensor([True, True, True, False]),
    )
    found = KeypointProtocol().labelled(labels).tolist()
    assert found == [True, False, True, False]
    found = KeypointProtocol(joint_set='j17').labelled(labels).tolist()
    assert found == [True, False, False, False]


def test_unlabelled_errors_are_unknown():
    protocol = UnlabelledProtocol()
    pred = protocol.body(torch.ones(2, 5, 3), torch.ones(2, 17, 3))
    fields = protocol.measure(pred, protocol.truth(None, {}))
    assert fields.pop('degenerate').tolist() == [True, True]
    assert all(np.isnan(values).all() for values in fields.values())
    assert protocol.truth(None, {}) == Body(None, None)


@pytest.mark.parametrize(
    ('settings', 'message'),
    [
        (dict(root='neck'), r"root must be one of .*'pelvis'\], found 'neck'"),
        (dict(joint_set='lsp'), "joint_set must be one of .* found 'lsp'"),
        (dict(gt_gender='male'), "gt_gender must be .* found 'male'"),
        (dict(pve_align='root'), "pve_align must be .* found 'root'"),
        (dict(regressor='coco_17'), "regressor must be .* found 'coco_17'"),
        (dict(joint_set='smpl_24'), "'h36m_17' has no"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        MeshProtocol(**settings)


# --- the benchmarks
def test_all_benchmarks_are_there():
    assert NAMES == [
        'agora_test', 'agora_val', 'h36m_p2', 'mpi_inf_3dhp_test',
        'oh50k3d_test', 'pw3d_all60', 'pw3d_occ', 'pw3d_test',
        'pw3d_test_neutral', 'pw3d_val',
    ]  # fmt: skip


@pytest.mark.parametrize('name', NAMES)
def test_a_benchmark_is_named_like_its_file(name):
    protocol = build_protocol(name)
    assert protocol.name == name and protocol.bbox_source
    facts = json.loads(json.dumps(protocol.facts()))
    assert facts['name'] == name and facts['unit'] == 'mm'


@pytest.mark.parametrize(
    ('name', 'kind', 'expected'),
    [
        (
            'pw3d_test',
            MeshProtocol,
            dict(expected_count=35515, gt_gender='row'),
        ),
        ('pw3d_test_neutral', MeshProtocol, dict(gt_gender='neutral')),
        ('pw3d_all60', MeshProtocol, dict(expected_count=None)),
        (
            'pw3d_val',
            MeshProtocol,
            dict(expected_count=None, gt_gender='row', pve_align='none'),
        ),
        ('oh50k3d_test', MeshProtocol, dict(gt_gender='neutral')),
        ('mpi_inf_3dhp_test', KeypointProtocol, dict(expected_count=2929)),
        ('h36m_p2', KeypointProtocol, dict(joint_set='lsp_14')),
        ('agora_val', MeshProtocol, dict(pve_align='mid_hip')),
    ],
)
def test_conventions_of_the_benchmarks(name, kind, expected):
    protocol = build_protocol(name)
    assert type(protocol) is kind
    found = {key: getattr(protocol, key) for key in expected}
    assert found == expected


def test_occluded_sequences_are_the_17_and_no_more():
    protocol = build_protocol('pw3d_occ')
    assert len(set(protocol.sequences)) == 17
    protocol.check_sequences(['downtown_stairs_00', 'outdoors_slalom_01'])
    for name in ('downtown_sitOnStairs_00', 'downtown_upstairs_00', ''):
        with pytest.raises(ValueError, match="protocol 'pw3d_occ'"):
            protocol.check_sequences([name])
    build_protocol('pw3d_all60').check_sequences(['downtown_upstairs_00'])


def test_names_configs_and_objects_build_the_same():
    default = build_protocol()
    assert default == MeshProtocol() and default.name == ''
    assert build_protocol(default) is default
    assert build_protocol(dict(root='mid_hip')) == MeshProtocol(root='mid_hip')
    config = dict(type='KeypointProtocol', joint_set='j17')
    assert build_protocol(config) == KeypointProtocol(joint_set='j17')
    with pytest.raises(ValueError, match=r"no protocol 'pw3d', choose .*occ'"):
        build_protocol('pw3d')
    assert issubclass(MeshProtocol, EvaluationProtocol)


def test_every_joint_of_j17_can_be_compared():
    assert set(J17.names) <= set(H36M_17.names)
