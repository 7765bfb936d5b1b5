"""Obj, ply and glb of results, read by trimesh."""

import numpy as np
import pytest
import trimesh
from bodies import check_left_arm_is_up, pose_body

from mmbopr.exports import export_result
from mmbopr.testing.results import make_result
from mmbopr.visualization.colors import person_colors


@pytest.fixture(params=['.obj', '.ply', '.glb'])
def suffix(request):
    return request.param


def load(path):
    """All people as one mesh, in order."""
    scene = trimesh.load_scene(path, process=False)
    meshes = list(scene.geometry.values())
    return trimesh.util.concatenate(meshes)


def test_vertices_are_the_bodies_in_the_stated_axes(
    tmp_path, body, suffix, axis, turn
):
    result = make_result(2)
    export_result(result, tmp_path / f'x{suffix}', body, axis)

    mesh = load(tmp_path / f'x{suffix}')

    vertices, _ = pose_body(body, result)
    np.testing.assert_allclose(
        mesh.vertices, vertices.reshape(-1, 3) @ turn.T, atol=1e-5
    )
    np.testing.assert_array_equal(
        mesh.faces[len(body.faces) :] - body.num_vertices, body.faces
    )


def test_left_is_left_and_outside_is_outside(
    tmp_path, body, suffix, axis, turn, left_arm_result
):
    export_result(left_arm_result, tmp_path / f'x{suffix}', body, axis)

    mesh = load(tmp_path / f'x{suffix}')

    assert mesh.is_watertight
    assert 0.03 < mesh.volume < 0.15
    # Joints of the posed mesh, as if it were another template.
    _, joints = pose_body(body, left_arm_result)
    vertices, _ = pose_body(body, left_arm_result)
    nearest = [
        np.linalg.norm(vertices[0] - joint, axis=1).argsort()[:20]
        for joint in joints[0]
    ]
    found = np.stack([mesh.vertices[rows].mean(0) for rows in nearest])
    check_left_arm_is_up(found, turn)


def test_y_is_up_unless_told(tmp_path, body, suffix):
    result = make_result(1)
    export_result(result, tmp_path / f'x{suffix}', body)
    export_result(result, tmp_path / f'y{suffix}', body, 'opengl')

    default = (tmp_path / f'x{suffix}').read_bytes()
    assert default == (tmp_path / f'y{suffix}').read_bytes()


def test_files_say_their_axes_and_unit(tmp_path, body, suffix, axis):
    export_result(make_result(1), tmp_path / f'x{suffix}', body, axis)

    head = (tmp_path / f'x{suffix}').read_bytes()[:4000]

    for word in (axis, 'metre', 'open-1', 'x right, y '):
        assert word.encode() in head


def test_people_have_names_and_colours(tmp_path, body):
    result = make_result(2)
    for suffix in ('.obj', '.ply', '.glb'):
        export_result(result, tmp_path / f'x{suffix}', body)

    assert 'o person_1\n' in (tmp_path / 'x.obj').read_text()
    colors = trimesh.load_mesh(tmp_path / 'x.ply', process=False).visual
    np.testing.assert_array_equal(
        colors.vertex_colors[[0, -1], :3], person_colors(2)
    )
    scene = trimesh.load_scene(tmp_path / 'x.glb', process=False)
    assert {'person_0', 'person_1'} <= set(scene.graph.nodes_geometry)


def test_glb_has_outward_normals(tmp_path, body, left_arm_result):
    export_result(left_arm_result, tmp_path / 'x.glb', body)

    mesh = load(tmp_path / 'x.glb')

    stored = mesh.vertex_normals.copy()
    mesh.vertex_normals = None
    agree = (stored * mesh.vertex_normals).sum(1)
    assert np.median(agree) > 0.999
    np.testing.assert_allclose(np.linalg.norm(stored, axis=1), 1, atol=1e-5)
