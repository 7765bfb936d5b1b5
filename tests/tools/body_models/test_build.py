import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from mmbopr.body_models import SMPL
from mmbopr.body_models.open_body import load_open_body

TOOLS = Path(__file__).parents[3] / 'tools' / 'body_models'


@pytest.fixture(autouse=True)
def tools_on_path(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield
    for name in ('anny_rig', 'decimate', 'draft_body', 'fit_regressors',
                 'pose_correctives', 'shape_space'):  # fmt: skip
        sys.modules.pop(name, None)


@pytest.fixture
def open_body_arrays():
    return load_open_body()


def make_sphere(rings=12, sectors=16):
    """A closed sphere, symmetric in x, with vertices on the midline."""
    polar = np.pi * np.arange(1, rings) / rings
    around = 2 * np.pi * (np.arange(sectors) + 0.5 * sectors / 2) / sectors
    p, a = np.meshgrid(polar, around, indexing='ij')
    points = np.stack(
        [np.sin(p) * np.cos(a), np.cos(p), np.sin(p) * np.sin(a)], -1
    ).reshape(-1, 3)
    vertices = np.vstack([points, [[0, 1, 0], [0, -1, 0]]])
    top, bottom = len(points), len(points) + 1
    faces = []
    for s in range(sectors):
        t = (s + 1) % sectors
        faces.append([top, t, s])
        last = (rings - 2) * sectors
        faces.append([bottom, last + s, last + t])
        for r in range(rings - 2):
            a, b = r * sectors + s, r * sectors + t
            c, d = a + sectors, b + sectors
            # Diagonals turn with the side, as a mirror image demands.
            left = vertices[[a, b], 0].mean() > 0
            faces += [[a, b, d], [a, d, c]] if left else [[a, b, c], [b, d, c]]
    return vertices, np.array(faces)


def test_decimation_keeps_the_surface_closed_and_symmetric():
    from anny_rig import find_mirror
    from decimate import decimate

    vertices, faces = make_sphere()
    mirror = find_mirror(vertices, faces)
    V = len(vertices)
    kept, new_faces, new_mirror = decimate(
        vertices, faces, mirror, 100, np.ones(V), np.zeros(V, bool)
    )
    assert len(kept) == 100
    edges = new_faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    directed = {tuple(e) for e in edges.tolist()}
    assert len(directed) == len(edges)
    assert directed == {(b, a) for a, b in directed}
    assert 100 - len(edges) // 2 + len(new_faces) == 2
    new = vertices[kept]
    np.testing.assert_allclose(new[new_mirror], new * [-1, 1, 1], atol=1e-12)
    found = {tuple(sorted(f)) for f in new_faces.tolist()}
    assert found == {tuple(sorted(f)) for f in new_mirror[new_faces].tolist()}


def test_asymmetric_mesh_is_refused():
    from anny_rig import find_mirror

    vertices, faces = make_sphere()
    vertices[5] *= 1.2
    with pytest.raises(ValueError, match='not left-right symmetric'):
        find_mirror(vertices, faces)


def test_convex_fit_finds_the_weights():
    from fit_regressors import fit_convex

    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 6, 3))
    weights = np.array([0.5, 0, 0.3, 0, 0, 0.2])
    targets = np.einsum('c,nck->nk', weights, points)
    np.testing.assert_allclose(fit_convex(points, targets), weights, atol=1e-4)


def test_dual_quaternions_of_a_rigid_motion_are_that_motion():
    from pose_correctives import dual_quaternion_skin

    rng = np.random.default_rng(0)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    rotation *= np.linalg.det(rotation)
    shift = rng.normal(size=3)
    vertices = rng.normal(size=(7, 3))
    moved = dual_quaternion_skin(
        np.tile(rotation, (24, 1, 1)), np.tile(shift, (24, 1)),
        np.full((7, 24), 1 / 24), vertices,
    )  # fmt: skip
    np.testing.assert_allclose(moved, vertices @ rotation.T + shift)


def test_volume_of_a_sphere():
    from shape_space import vertex_areas, volume

    vertices, faces = make_sphere(60, 80)
    assert volume(vertices, faces) == pytest.approx(4 / 3 * np.pi, rel=0.01)
    areas = vertex_areas(vertices, faces)
    assert areas.sum() == pytest.approx(4 * np.pi, rel=0.01)


def test_draft_body_poses_as_the_layer_does(open_body_arrays):
    from draft_body import pose_bodies, random_poses, skin

    data = open_body_arrays
    rng = np.random.default_rng(0)
    betas, poses = rng.normal(size=(2, 10)), random_poses(rng, 2)
    posed = pose_bodies(
        data.v_template, data.shapedirs, data.J_regressor, betas, poses
    )
    features = (posed.rotmats[:, 1:] - np.eye(3)).reshape(2, -1)
    rest = posed.shaped + np.einsum('vcp,np->nvc', data.posedirs, features)
    vertices = skin(posed, rest, data.weights)
    output = SMPL('open')(
        torch.from_numpy(betas),
        torch.from_numpy(poses[:, 1:].reshape(2, -1)),
        torch.from_numpy(poses[:, 0]),
    )
    np.testing.assert_allclose(vertices, output.vertices, atol=1e-5)


def test_posedirs_symmetrised_are_unchanged(open_body_arrays):
    from pose_correctives import symmetrise_posedirs

    data = open_body_arrays
    np.testing.assert_allclose(
        symmetrise_posedirs(data.posedirs, data.mirror),
        data.posedirs,
        atol=1e-7,
    )
