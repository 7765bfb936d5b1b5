import copy
from types import SimpleNamespace

import numpy as np
import pytest
import smplx
import torch
from mmengine.model import ExponentialMovingAverage
from mmengine.runner.checkpoint import (
    get_state_dict,
    load_checkpoint,
    load_state_dict,
    save_checkpoint,
)
from smplx.lbs import lbs
from torch import nn

from mmbopr.body_models import SMPL, BodyMismatchError, GenderedSMPL
from mmbopr.body_models.body_data import majority_labels
from mmbopr.structures import (
    COCO_17,
    J17,
    J24,
    JOINT_SETS,
    LSP_14,
    SMPL_24,
    SMPL_54,
    SPIN_49,
)
from mmbopr.testing.fake_smpl import make_fake_smpl
from mmbopr.utils.rotation import axis_angle_to_matrix


@pytest.fixture(scope='module')
def arrays():
    return make_fake_smpl(seed=0)


@pytest.fixture(scope='module')
def reference(arrays):
    """smplx's own SMPL on the same arrays."""
    return smplx.SMPL('', data_struct=SimpleNamespace(**copy.copy(arrays)))


def make_params(N=3, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=dtype)

    return {
        'betas': normal(N, 10),
        'body_pose': 0.4 * normal(N, 69),
        'global_orient': normal(N, 3),
        'transl': normal(N, 3),
    }


def to_matrices(params):
    matrices = dict(params)
    for name in ('body_pose', 'global_orient'):
        pose = params[name].unflatten(1, (-1, 3))
        matrices[name] = axis_angle_to_matrix(pose)
    return matrices


@pytest.mark.parametrize('with_transl', [True, False])
def test_equals_smplx(fake_smpl, reference, with_transl):
    params = make_params()
    if not with_transl:
        params['transl'] = None
    ours = fake_smpl(**params)
    expected = reference(
        **(params | {'transl': torch.zeros(3, 3)} if not with_transl
           else params)
    )  # fmt: skip
    for name in ('vertices', 'joints', 'betas', 'body_pose', 'global_orient'):
        torch.testing.assert_close(
            getattr(ours, name), getattr(expected, name), atol=1e-5, rtol=0
        )
    assert ours.joints.shape == (3, 45, 3)


def test_matrices_equal_axis_angle(fake_smpl):
    params = make_params()
    expected = fake_smpl(**params)
    ours = fake_smpl(**to_matrices(params), pose2rot=False)
    torch.testing.assert_close(
        ours.vertices, expected.vertices, atol=1e-5, rtol=0
    )
    torch.testing.assert_close(ours.joints, expected.joints, atol=1e-5, rtol=0)


@pytest.mark.parametrize('pose2rot', [True, False])
def test_gradients_equal_smplx(fake_smpl, reference, pose2rot):
    params = make_params()
    if not pose2rot:
        params = to_matrices(params)
    params = {k: v.requires_grad_() for k, v in params.items()}
    output = fake_smpl(**params, pose2rot=pose2rot)
    pose = torch.cat([params['global_orient'], params['body_pose']], 1)
    vertices, joints = lbs(
        params['betas'], pose, reference.v_template, reference.shapedirs,
        reference.posedirs, reference.J_regressor, reference.parents,
        reference.lbs_weights, pose2rot=pose2rot,
    )  # fmt: skip
    transl = params['transl'][:, None]
    vertices, joints = vertices + transl, joints + transl

    def gradients(vertices, joints):
        generator = torch.Generator().manual_seed(1)
        loss = sum(
            (x * torch.randn(x.shape, generator=generator)).sum()
            for x in (vertices, joints)
        )
        return torch.autograd.grad(loss, list(params.values()))

    for ours, expected in zip(
        gradients(output.vertices, output.joints[:, :24]),
        gradients(vertices, joints),
        strict=True,
    ):
        error = (ours - expected).abs().max() / expected.abs().max()
        assert error < 1e-4


def test_gradients_are_exact_in_double(smpl_folder):
    body = SMPL(smpl_folder).double()
    params = make_params(1, dtype=torch.float64)

    def few_points(betas, pose, root):
        output = body(betas, pose, root)
        return output.vertices[:, :5], output.joints[:, ::7]

    inputs = [
        params[k].requires_grad_()
        for k in ('betas', 'body_pose', 'global_orient')
    ]
    assert torch.autograd.gradcheck(few_points, inputs)


def test_gradient_at_zero_pose_is_finite(open_body):
    pose = torch.zeros(1, 69, requires_grad=True)
    output = open_body(torch.zeros(1, 10), pose, torch.zeros(1, 3))
    output.vertices.square().sum().backward()
    assert pose.grad.isfinite().all() and pose.grad.abs().max() > 0


def test_batch_of_one_is_broadcast(fake_smpl):
    params = make_params(3)
    for name in params:
        one = params | {name: params[name][:1]}
        full = params | {name: params[name][:1].expand(3, -1)}
        ours, expected = fake_smpl(**one), fake_smpl(**full)
        torch.testing.assert_close(ours.vertices, expected.vertices)
        torch.testing.assert_close(ours.joints, expected.joints)


def test_empty_batch(open_body):
    params = make_params(0)
    output = open_body(**params)
    assert output.vertices.shape == (0, 6700, 3)
    assert open_body.joint_set(output, 'j24').shape == (0, 24, 3)


def test_wrong_number_of_betas_is_named(open_body):
    params = make_params() | {'betas': torch.zeros(3, 11)}
    with pytest.raises(ValueError, match=r'betas has 11 components.*10'):
        open_body(**params)


def test_autocast_does_not_cost_precision(open_body):
    params = make_params()
    expected = open_body(**params)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        output = open_body(**params)
        joints = open_body.joint_set(output, 'h36m_17')
    assert output.vertices.dtype == joints.dtype == torch.float32
    torch.testing.assert_close(output.vertices, expected.vertices)


# --- joint sets --------------------------------------------------------------


@pytest.mark.parametrize('name', list(JOINT_SETS))
def test_joint_set_sizes(open_body, name):
    output = open_body(**make_params())
    joints = open_body.joint_set(output, name)
    assert joints.shape == (3, len(JOINT_SETS[name]), 3)


def test_joint_sets_agree_by_name(open_body):
    output = open_body(**make_params())
    of = {n: open_body.joint_set(output, n) for n in JOINT_SETS}
    all_54 = dict(zip(SMPL_54.names, of['smpl_54'].unbind(1), strict=True))
    for joint_set in (SPIN_49, J24, COCO_17, SMPL_24):
        for i, name in enumerate(joint_set.names):
            expected = all_54[name.removeprefix('gt_')]
            assert torch.equal(of[joint_set.name][:, i], expected), name
    h36m = dict(
        zip(JOINT_SETS['h36m_17'].names, of['h36m_17'].unbind(1), strict=True)
    )
    for joint_set in (J17, LSP_14):
        for i, name in enumerate(joint_set.names):
            assert torch.equal(of[joint_set.name][:, i], h36m[name]), name


def test_regressed_joints_are_on_posed_vertices(fake_smpl, smpl_folder):
    output = fake_smpl(**make_params())
    for name, file, rows in (
        ('h36m_17', 'J_regressor_h36m', slice(None)),
        ('smpl_54', 'J_regressor_extra', slice(45, None)),
    ):
        matrix = np.load(smpl_folder / f'{file}.npy')
        expected = np.einsum('jv,nvc->njc', matrix, output.vertices.numpy())
        joints = fake_smpl.joint_set(output, name)[:, rows]
        np.testing.assert_allclose(joints, expected, atol=1e-5)


def test_unknown_joint_set(open_body):
    output = open_body(**make_params())
    with pytest.raises(KeyError, match=r"unknown joint set 'coco'.*spin_49"):
        open_body.joint_set(output, 'coco')


def test_face_parts_are_the_majority():
    labels = np.array([0, 1, 2, 4, 5, 1])
    faces = np.array(
        [[1, 0, 5], [0, 1, 5], [1, 5, 0], [0, 0, 0],
         [0, 1, 3], [3, 1, 0], [1, 2, 3], [2, 1, 3], [3, 2, 1], [1, 2, 0]]
    )  # fmt: skip
    # Ties: pelvis over hip over knee, but never one of a left-right pair.
    expected = [1, 1, 1, 0, 0, 0, 4, 4, 4, 0]
    assert majority_labels(labels, faces).tolist() == expected


def test_face_parts_are_flip_symmetric():
    flip = np.array(SMPL_24.flip_indices)
    triples = np.stack(np.meshgrid(*[np.arange(24)] * 3), -1).reshape(-1, 3)
    mirrored = triples[:, ::-1]
    labels = np.arange(24)
    ours = majority_labels(labels, triples)
    theirs = majority_labels(flip[labels], mirrored)
    # A triple that is its own mirror image in itself has no other choice.
    np.testing.assert_array_equal(flip[ours], theirs)


# --- checkpoints -------------------------------------------------------------


class Model(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.body = body


def test_no_body_data_in_the_state_dict(open_body, fake_smpl):
    for body in (open_body, fake_smpl):
        assert list(body.state_dict()) == ['_extra_state']
        assert not list(body.parameters())


def test_checkpoint_of_the_same_body_loads(open_body, tmp_path):
    path = str(tmp_path / 'model.pth')
    source, target = Model(open_body), Model(open_body)
    save_checkpoint({'state_dict': get_state_dict(source)}, path)
    saved = torch.load(path, weights_only=True)['state_dict']
    assert bytes(saved['body._extra_state'].tolist()) == b'open-1'
    load_checkpoint(target, path, map_location='cpu', strict=True)
    assert torch.equal(source.layer.weight, target.layer.weight)
    target.load_state_dict(source.state_dict(), strict=True)


def test_checkpoint_of_another_body_is_refused(open_body, fake_smpl):
    for state in (
        Model(fake_smpl).state_dict(),
        get_state_dict(Model(fake_smpl)),
    ):
        for load in (load_state_dict, nn.Module.load_state_dict):
            with pytest.raises(BodyMismatchError, match=r"'smpl'.*'open-1'"):
                load(Model(open_body), state, strict=False)


def test_averaged_and_copied_models_keep_the_id(open_body):
    model = Model(copy.deepcopy(open_body))
    averaged = ExponentialMovingAverage(model, update_buffers=True)
    averaged.update_parameters(model)
    averaged.update_parameters(model)
    ours, theirs = get_state_dict(model), get_state_dict(averaged.module)
    assert list(ours) == list(theirs)
    assert torch.equal(ours['body._extra_state'], theirs['body._extra_state'])


# --- genders -----------------------------------------------------------------


def test_each_row_by_its_own_gender(smpl_folder):
    bodies = GenderedSMPL(smpl_folder)
    params = make_params(5)
    gender = torch.tensor([2, 0, 1, 0, 2])
    output = bodies(**params, gender=gender)
    for row, code in enumerate(gender.tolist()):
        name = ('male', 'female', 'neutral')[code]
        body = SMPL(smpl_folder, name)
        expected = body(**{k: v[row : row + 1] for k, v in params.items()})
        torch.testing.assert_close(output.vertices[row], expected.vertices[0])
        torch.testing.assert_close(output.joints[row], expected.joints[0])
        torch.testing.assert_close(
            bodies.joint_set(output, 'j24')[row],
            body.joint_set(expected, 'j24')[0],
        )


def test_open_body_serves_all_genders(open_body):
    bodies = GenderedSMPL('open')
    params = make_params(3)
    output = bodies(**params, gender=torch.tensor([0, 1, 2]))
    torch.testing.assert_close(output.vertices, open_body(**params).vertices)
    assert bodies.body_model_id == 'open-1'
    assert bodies.num_vertices == 6700
    assert torch.equal(bodies.faces, open_body.faces)
    assert torch.equal(bodies.part_labels, open_body.part_labels)


@pytest.mark.parametrize('code', [-1, 3])
def test_unknown_gender_code(code):
    with pytest.raises(ValueError, match=r'gender codes are .*expected 0'):
        GenderedSMPL('open')(**make_params(1), gender=torch.tensor([code]))


def test_what_is_left_out_is_the_mean_body_at_rest(open_body):
    rest = open_body()
    explicit = open_body(
        torch.zeros(1, 10), torch.zeros(1, 69), torch.zeros(1, 3)
    )
    assert torch.equal(rest.vertices, explicit.vertices)
    matrices = open_body(betas=torch.zeros(2, 10), pose2rot=False)
    torch.testing.assert_close(matrices.vertices[1], rest.vertices[0])


def test_full_pose_and_vertices_on_request(open_body):
    orient, pose = torch.randn(2, 3), torch.randn(2, 69)
    out = open_body(
        body_pose=pose,
        global_orient=orient,
        return_verts=False,
        return_full_pose=True,
    )
    assert out.vertices is None
    assert torch.equal(out.full_pose, torch.cat([orient, pose], 1))


@pytest.mark.parametrize('load', [load_state_dict, nn.Module.load_state_dict])
def test_checkpoints_do_not_depend_on_gendered_files(smpl_folder, load):
    """One trained with the neutral file alone serves all, and vice versa."""
    neutral_file = smpl_folder / 'SMPL_NEUTRAL.pkl'
    models = [Model(GenderedSMPL(x)) for x in (smpl_folder, neutral_file)]
    assert [len(get_state_dict(m.body)) for m in models] == [3, 1]
    for source, target in (models, models[::-1]):
        load(target, get_state_dict(source), strict=True)
        assert torch.equal(source.layer.weight, target.layer.weight)
    with pytest.raises(BodyMismatchError, match=r"'smpl'.*'open-1'"):
        load(Model(GenderedSMPL('open')), get_state_dict(models[0]))
