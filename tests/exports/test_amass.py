"""Npz files in AMASS's layout, fed to smplx."""

import copy
import json
from types import SimpleNamespace

import numpy as np
import pytest
import smplx
import torch
from bodies import TURNS, check_left_arm_is_up, mean_betas, pose_body
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL
from mmbopr.exports import export_track, load_amass
from mmbopr.structures import SMPL_24
from mmbopr.testing.fake_smpl import make_fake_smpl, write_fake_smpl

HANDS = [SMPL_24.names.index(f'{side}_hand') for side in ('left', 'right')]


def read(path):
    with np.load(path, allow_pickle=False) as content:
        return dict(content)


def pose_from_file(forward, content):
    """Vertices and 24 joints as AMASS's users compute them."""
    count = len(content['poses'])
    rows = dict(
        betas=np.tile(content['betas'][:10], (count, 1)),
        global_orient=content['poses'][:, :3],
        body_pose=np.pad(content['poses'][:, 3:66], [(0, 0), (0, 6)]),
        transl=content['trans'],
    )
    posed = forward(**{k: torch.tensor(v).float() for k, v in rows.items()})
    return posed.vertices.numpy(), posed.joints[:, :24].numpy()


def test_layout(tmp_path, body, track):
    export_track(track, tmp_path / 'x.npz', body)

    content = read(tmp_path / 'x.npz')

    shapes = {name: array.shape for name, array in content.items()}
    assert shapes == dict(
        poses=(7, 156), trans=(7, 3), betas=(16,), dmpls=(7, 8), gender=(),
        mocap_framerate=(), found=(7,), facts=(),
    )  # fmt: skip
    assert str(content['gender']) == 'neutral'
    assert content['mocap_framerate'] == 25
    assert content['found'].tolist() == [True] * 3 + [False] * 2 + [True] * 2
    assert (content['poses'][:, 66:] == 0).all()
    facts = json.loads(str(content['facts']))
    assert (facts['axis'], facts['unit']) == ('blender', 'metre')
    assert (facts['fps'], facts['first_frame']) == (25, 4)


def test_joints_follow_smpl(tmp_path, body, track, axis, turn):
    export_track(track, tmp_path / 'x.npz', body, axis)

    content = read(tmp_path / 'x.npz')
    vertices, joints = pose_from_file(body, content)

    expected_vertices, expected = pose_body(body, track, mean_betas(track))
    found = content['found']
    np.testing.assert_allclose(joints[found], expected @ turn.T, atol=1e-5)
    # Only hands turn otherwise.
    rest = body.weights_t[HANDS].sum(0).numpy() == 0
    error = np.abs(vertices[found] - expected_vertices @ turn.T).max(-1)
    assert np.median(error[:, rest]) < 1e-5
    assert error[:, rest].max() < 1e-3


def test_smplx_gives_the_same_joints(tmp_path, track):
    """On a body of SMPL's size."""
    folder = write_fake_smpl(tmp_path / 'smpl')
    body = SMPL(folder)
    official = smplx.SMPL(
        '', data_struct=SimpleNamespace(**copy.copy(make_fake_smpl(0)))
    )
    fields = vars(track) | dict(body_model_id='smpl')
    theirs = type(track)(**fields)
    export_track(theirs, tmp_path / 'x.npz', body)

    content = read(tmp_path / 'x.npz')
    _, joints = pose_from_file(official, content)

    _, expected = pose_body(body, theirs, mean_betas(track))
    z_up = TURNS['blender']
    np.testing.assert_allclose(
        joints[content['found']], expected @ z_up.T, atol=1e-4
    )


def test_left_is_left(tmp_path, body, left_arm_track, axis, turn):
    export_track(left_arm_track, tmp_path / 'x.npz', body, axis)

    _, joints = pose_from_file(body, read(tmp_path / 'x.npz'))

    check_left_arm_is_up(joints, turn)


def test_the_way_back(tmp_path, body, left_arm_track, axis):
    export_track(left_arm_track, tmp_path / 'x.npz', body, axis)

    again = load_amass(tmp_path / 'x.npz', body)

    assert (again.fps, again.body_model_id) == (25, 'open-1')
    turns = Rotation.from_rotvec(
        again.global_orient
    ).inv() * Rotation.from_rotvec(left_arm_track.global_orient)
    assert turns.magnitude().max() < 1e-5
    for name in ('frame', 'body_pose', 'betas', 'cam_t_full'):
        np.testing.assert_allclose(
            getattr(again, name), getattr(left_arm_track, name), atol=1e-5
        )
    assert np.isnan(again.K).all() and np.isnan(again.bbox).all()


def test_a_file_of_amass_becomes_a_glb(tmp_path):
    """Stored as theirs are, with the gender as bytes."""
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / 'x.npz',
        poses=rng.normal(size=(4, 156)),
        trans=np.zeros((4, 3)),
        betas=np.zeros(16),
        gender=np.array(b'female'),
        mocap_framerate=np.array(120.0),
    )
    body = SMPL(write_fake_smpl(tmp_path / 'smpl'), gender='female')

    track = load_amass(tmp_path / 'x.npz', body)
    export_track(track, tmp_path / 'x.glb', body)

    assert len(track) == 4 and track.fps == 120
    assert (tmp_path / 'x.glb').is_file()


def test_another_gender_is_refused(tmp_path, body):
    np.savez(
        tmp_path / 'x.npz',
        poses=np.zeros((1, 156)),
        trans=np.zeros((1, 3)),
        betas=np.zeros(16),
        gender='male',
        mocap_framerate=120.0,
    )

    with pytest.raises(ValueError, match=r"x\.npz is of the body 'smpl', ma"):
        load_amass(tmp_path / 'x.npz', body)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(trans=None), r"x\.npz is not in the layout.*'trans'"),
        (dict(mocap_framerate=None), 'mocap_framerate'),
        (dict(poses=np.zeros((2, 165))), r'\(2, 165\).*SMPL\+H'),
    ],
)
def test_other_layouts_are_named(
    tmp_path, body, left_arm_track, change, message
):
    export_track(left_arm_track, tmp_path / 'x.npz', body)
    content = read(tmp_path / 'x.npz') | change
    kept = {k: v for k, v in content.items() if v is not None}
    np.savez(tmp_path / 'x.npz', **kept)

    with pytest.raises(ValueError, match=message):
        load_amass(tmp_path / 'x.npz', body)
