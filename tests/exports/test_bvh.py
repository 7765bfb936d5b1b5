"""BVH files, played by a reader that knows the format alone."""

import numpy as np
import pytest
import torch
from bodies import check_left_arm_is_up, mean_betas, pose_body
from bvh_reader import read_bvh

from mmbopr.exports import export_track
from mmbopr.structures import SMPL_24, MeshTrack


def joints_of(path):
    frame_time, positions = read_bvh(path)
    joints = np.stack([positions[name] for name in SMPL_24.names], 1)
    return frame_time, joints


def test_joints_follow_smpl(tmp_path, body, track, axis, turn):
    export_track(track, tmp_path / 'x.bvh', body, axis)

    frame_time, joints = joints_of(tmp_path / 'x.bvh')

    assert frame_time == 0.04
    assert len(joints) == 7
    _, expected = pose_body(body, track, mean_betas(track))
    found = track.frame - track.frame[0]
    np.testing.assert_allclose(joints[found], expected @ turn.T, atol=1e-4)


def test_any_rotation_survives(tmp_path, body, track):
    """Also past half turns and near the poles of the Euler angles."""
    rng = np.random.default_rng(0)
    count = 200
    scale = np.linspace(0, 3, count)[:, None]
    wild = MeshTrack(
        track_id=0,
        fps=30,
        body_model_id='open-1',
        frame=np.arange(count),
        K=np.ones((count, 4)),
        global_orient=scale * rng.normal(size=(count, 3)),
        body_pose=scale * rng.normal(size=(count, 69)),
        betas=np.zeros((count, 10)),
        cam_t_full=rng.normal(size=(count, 3)),
        bbox=np.ones((count, 4)),
    )
    wild.body_pose[::3, 45:48] = [np.pi / 2, 0, 0]  # a pole
    with pytest.warns(UserWarning, match='Gimbal lock'):
        export_track(wild, tmp_path / 'x.bvh', body, 'opencv')

    _, joints = joints_of(tmp_path / 'x.bvh')

    _, expected = pose_body(body, wild)
    np.testing.assert_allclose(joints, expected, atol=1e-4)


def test_left_is_left(tmp_path, body, left_arm_track, axis, turn):
    export_track(left_arm_track, tmp_path / 'x.bvh', body, axis)

    _, joints = joints_of(tmp_path / 'x.bvh')

    check_left_arm_is_up(joints, turn)


def test_at_rest_the_body_stands_upright(tmp_path, body, track, axis, turn):
    """Offsets alone make the T-pose of SMPL, up in the file's axes."""
    export_track(track, tmp_path / 'x.bvh', body, axis)
    text = (tmp_path / 'x.bvh').read_text()
    head, motion = text.split('Frame Time:')
    zeros = ' '.join(['0'] * len(motion.split('\n')[1].split()))
    still = head.replace('Frames: 7', 'Frames: 1') + f'Frame Time: 1\n{zeros}'
    (tmp_path / 'still.bvh').write_text(still)

    _, joints = joints_of(tmp_path / 'still.bvh')

    rest = body(torch.tensor(mean_betas(track)[:1])).joints[0, :24].numpy()
    # SMPL's y up, z front, to the camera's frame: half a turn about x.
    in_camera = (rest - rest[0]) * [1, -1, -1]
    np.testing.assert_allclose(joints[0], in_camera @ turn.T, atol=1e-5)


def test_limbs_end(tmp_path, body, track):
    export_track(track, tmp_path / 'x.bvh', body)

    _, positions = read_bvh(tmp_path / 'x.bvh')

    ends = {name for name in positions if name.endswith('_end')}
    assert ends == {
        'left_foot_end', 'right_foot_end', 'head_end', 'left_hand_end',
        'right_hand_end',
    }  # fmt: skip
    length = np.linalg.norm(positions['head_end'] - positions['head'], axis=1)
    bone = np.linalg.norm(positions['head'] - positions['neck'], axis=1)
    np.testing.assert_allclose(length, bone, atol=1e-4)
