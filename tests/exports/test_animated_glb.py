"""Skinned glb files, played by a reader of the specification."""

import struct

import numpy as np
import pytest
import torch
from bodies import TURNS, check_left_arm_is_up, mean_betas, pose_body
from gltf_reader import GltfReader

from mmbopr.body_models import SMPL
from mmbopr.exports import export_track
from mmbopr.exports.animated_glb import strongest_influences
from mmbopr.structures import MeshTrack
from mmbopr.synthesis.pose_prior import sample_pose

MM = 1000


@pytest.fixture(scope='module')
def body_without_correctives():
    body = SMPL('open')
    body.blend_matrix[-207:] = 0
    return body


@pytest.fixture(scope='module')
def everyday_track():
    """Forty poses of everyday life, one after the other."""
    rng = np.random.default_rng(0)
    poses = [sample_pose(rng, 'everyday').pose for _ in range(40)]
    count = len(poses)
    return MeshTrack(
        track_id=0,
        fps=30,
        body_model_id='open-1',
        frame=np.arange(count),
        K=np.ones((count, 4)),
        global_orient=np.tile([np.pi, 0, 0], (count, 1)),
        body_pose=np.stack(poses)[:, 1:].reshape(count, 69),
        betas=np.tile(rng.normal(size=10), (count, 1)),
        cam_t_full=np.tile([0.0, 0, 4], (count, 1)),
        bbox=np.ones((count, 4)),
    )


def few_influences(body):
    """Vertices that no more than four joints hold: nearly all."""
    rows = (body.weights_t > 0).sum(0) <= 4
    assert rows.float().mean() > 0.99
    return rows.numpy()


def test_joints_follow_smpl(tmp_path, body, track, axis, turn):
    export_track(track, tmp_path / 'x.glb', body, axis)

    times, joints, _ = GltfReader(tmp_path / 'x.glb').play()

    np.testing.assert_allclose(times, [0, 0.04, 0.08, 0.2, 0.24], atol=1e-6)
    _, expected = pose_body(body, track, mean_betas(track))
    np.testing.assert_allclose(joints, expected @ turn.T, atol=1e-4)


def test_skin_follows_linear_blend_skinning(
    tmp_path, body, body_without_correctives, track, axis, turn
):
    export_track(track, tmp_path / 'x.glb', body, axis, num_correctives=0)

    reader = GltfReader(tmp_path / 'x.glb')
    _, _, vertices = reader.play()

    expected, _ = pose_body(body_without_correctives, track, mean_betas(track))
    rows = few_influences(body)
    np.testing.assert_allclose(
        vertices[:, rows], (expected @ turn.T)[:, rows], atol=1e-4
    )
    assert not reader.gltf.meshes[0].primitives[0].targets


def test_enough_morph_targets_are_all_correctives(tmp_path, body, track):
    """Five frames have five principal components."""
    turn = TURNS['blender']
    export_track(track, tmp_path / 'x.glb', body, 'blender', num_correctives=5)

    reader = GltfReader(tmp_path / 'x.glb')
    _, _, vertices = reader.play()

    expected, _ = pose_body(body, track, mean_betas(track))
    rows = few_influences(body)
    np.testing.assert_allclose(
        vertices[:, rows], (expected @ turn.T)[:, rows], atol=1e-4
    )
    # What the fifth joint of a few vertices is worth.
    np.testing.assert_allclose(vertices, expected @ turn.T, atol=1e-3)
    assert reader.gltf.asset.extras['corrective_residual'] < 1e-9


def test_error_with_and_without_correctives(tmp_path, body, everyday_track):
    """The figures of docs/exports.md."""
    full, _ = pose_body(body, everyday_track)
    errors, residuals = {}, {}
    for count in (0, 12):
        export_track(
            everyday_track,
            tmp_path / 'x.glb',
            body,
            'opencv',
            num_correctives=count,
        )
        reader = GltfReader(tmp_path / 'x.glb')
        errors[count] = np.linalg.norm(reader.play()[2] - full, axis=-1) * MM
        residuals[count] = reader.gltf.asset.extras['corrective_residual'] * MM

    assert 0.5 < errors[0].mean() < 1 and 15 < errors[0].max() < 40
    assert errors[12].mean() < 0.1 and errors[12].max() < 4
    for count, error in errors.items():
        rms = np.sqrt((error**2).mean())
        # Skinning by several joints shortens what they disagree about.
        assert 0.6 * residuals[count] < rms < 1.1 * residuals[count]


def test_morph_weights_are_those_that_no_reader_clamps(tmp_path, body, track):
    export_track(track, tmp_path / 'x.glb', body)

    reader = GltfReader(tmp_path / 'x.glb')
    mesh = reader.gltf.meshes[0]

    moves, _ = reader.moves()
    (weights,) = (v for (_, path), v in moves.items() if path == 'weights')
    assert weights.min() == 0 and weights.max() == 1
    # With its own weights, the mesh is the body at rest.
    primitive = mesh.primitives[0]
    targets = [reader.array(t['POSITION']) for t in primitive.targets]
    vertices = reader.array(primitive.attributes.POSITION)
    vertices = vertices + np.tensordot(mesh.weights, targets, 1)
    rest = body(torch.tensor(mean_betas(track)[:1])).vertices[0].numpy()
    np.testing.assert_allclose(vertices, rest, atol=1e-6)
    assert len(mesh.extras['targetNames']) == len(targets) == 5


def test_left_is_left(tmp_path, body, left_arm_track, axis, turn):
    export_track(left_arm_track, tmp_path / 'x.glb', body, axis)

    _, joints, vertices = GltfReader(tmp_path / 'x.glb').play()

    check_left_arm_is_up(joints, turn)
    highest = (vertices @ turn)[..., 1].argmin(1)
    assert set(body.part_labels[highest].tolist()) <= {20, 22}


def test_a_vertex_keeps_its_strongest_joints():
    weights = np.zeros((2, 24), np.float32)
    weights[0, [3, 5, 7, 9, 11]] = [0.3, 0.25, 0.2, 0.15, 0.1]
    weights[1, 4] = 1

    found = strongest_influences(weights)

    assert found['JOINTS_0'].tolist() == [[3, 5, 7, 9], [4, 0, 0, 0]]
    np.testing.assert_allclose(
        found['WEIGHTS_0'],
        [np.array([0.3, 0.25, 0.2, 0.15]) / 0.9, [1, 0, 0, 0]],
        rtol=1e-6,
    )


def test_rotations_take_the_short_way(tmp_path, body, track):
    export_track(track, tmp_path / 'x.glb', body)

    moves, _ = GltfReader(tmp_path / 'x.glb').moves()

    for (_, path), values in moves.items():
        if path == 'rotation':
            assert ((values[1:] * values[:-1]).sum(1) >= 0).all()


def test_the_container_is_aligned(tmp_path, body, track):
    export_track(track, tmp_path / 'x.glb', body)

    content = (tmp_path / 'x.glb').read_bytes()

    magic, version, length, json_length, kind = struct.unpack_from(
        '<4sIII4s', content
    )
    assert (magic, version, length) == (b'glTF', 2, len(content))
    assert kind == b'JSON' and json_length % 4 == 0
    bin_length, kind = struct.unpack_from('<I4s', content, 20 + json_length)
    assert kind == b'BIN\0' and bin_length % 4 == 0
    assert 28 + json_length + bin_length == length
    gltf = GltfReader(tmp_path / 'x.glb').gltf
    assert all(view.byteOffset % 4 == 0 for view in gltf.bufferViews)
    assert gltf.buffers[0].byteLength == bin_length


def test_one_frame_is_enough(tmp_path, body, left_arm_track):
    first = {
        name: getattr(left_arm_track, name)[:1]
        for name in (
            'frame', 'K', 'global_orient', 'body_pose', 'betas', 'bbox',
            'cam_t_full',
        )
    }  # fmt: skip
    track = MeshTrack(track_id=1, fps=25, body_model_id='open-1', **first)
    export_track(track, tmp_path / 'x.glb', body, 'opencv')

    times, joints, _ = GltfReader(tmp_path / 'x.glb').play()

    assert times.tolist() == [0]
    _, expected = pose_body(body, track)
    np.testing.assert_allclose(joints, expected, atol=1e-4)
