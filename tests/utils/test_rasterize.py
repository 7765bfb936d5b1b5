"""The z-buffer against an independent, slow ray caster."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmbopr.utils.rasterize import barycentric, rasterize


def cast_rays(vertices, faces, K, size, near=0.01):
    """Moeller-Trumbore in double precision, one pixel and face at a time."""
    height, width = size
    face_index = np.full(size, -1)
    depth = np.full(size, np.inf)
    margin = np.full(size, np.inf)
    for y in range(height):
        for x in range(width):
            ray = np.array(
                [(x + 0.5 - K[2]) / K[0], (y + 0.5 - K[3]) / K[1], 1.0]
            )
            for f, (a, b, c) in enumerate(vertices[faces]):
                e1, e2 = b - a, c - a
                p = np.cross(ray, e2)
                det = e1 @ p
                if abs(det) < 1e-12:
                    continue
                q = np.cross(-a, e1)
                u, v, z = -a @ p / det, ray @ q / det, e2 @ q / det
                inside = min(u, v, 1 - u - v)
                if z >= near / 2:
                    margin[y, x] = min(margin[y, x], abs(inside))
                if inside >= 0 and near <= z < depth[y, x]:
                    face_index[y, x], depth[y, x] = f, z
    return face_index, depth, margin


def soup(seed, count, low, high):
    """Random triangles with z in [low, high]."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform([-1, -1, low], [1, 1, high], (count, 1, 3))
    corners = centre + rng.normal(0, 0.6, (count, 3, 3))
    faces = np.arange(count * 3).reshape(count, 3)
    return corners.reshape(-1, 3), faces


K = np.array([14.0, 15.0, 6.3, 5.2])
SIZE = (11, 13)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([(3.0, 6.0), (-0.5, 1.5)]))
def test_equals_ray_casting(seed, z_range):
    # The second range puts triangles across and behind the near plane.
    vertices, faces = soup(seed, 12, *z_range)
    expected_face, expected_depth, margin = cast_rays(vertices, faces, K, SIZE)
    result = rasterize(
        torch.tensor(vertices)[None].float(),
        torch.tensor(faces),
        torch.tensor(K)[None].float(),
        SIZE,
    )
    clear = margin > 1e-4  # edges through a pixel centre may go either way
    face = result.face_index[0].numpy()
    depth = result.depth[0].numpy()
    close = np.isclose(depth, expected_depth, rtol=1e-4)
    assert ((face == expected_face) | close)[clear].all()
    assert close[clear].all()


def test_a_known_square():
    vertices = torch.tensor(
        [[[-1.0, -1, 2], [1, -1, 2], [1, 1, 2], [-1, 1, 2]]]
    )
    faces = torch.tensor([[0, 1, 2], [0, 2, 3]])
    camera = torch.tensor([[8.0, 8.0, 8.0, 8.0]])
    result = rasterize(vertices, faces, camera, (16, 16))
    covered = result.face_index[0] >= 0
    expected = torch.zeros(16, 16, dtype=torch.bool)
    expected[4:12, 4:12] = True
    assert torch.equal(covered, expected)
    assert torch.allclose(result.depth[0][covered], torch.tensor(2.0))
    assert torch.isinf(result.depth[0][~covered]).all()


def test_the_nearer_surface_wins_whatever_the_order():
    square = torch.tensor([[-1.0, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]])
    faces = torch.tensor([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]])
    camera = torch.tensor([[4.0, 4.0, 4.0, 4.0]]).expand(2, 4)
    near, far = square + torch.tensor([0, 0, 2.0]), square * 2
    far = far + torch.tensor([0, 0, 4.0])
    batch = torch.stack([torch.cat([near, far]), torch.cat([far, near])])
    result = rasterize(batch, faces, camera, (8, 8))
    assert (result.depth[:, 2:6, 2:6] == 2).all()
    assert set(result.face_index[0, 2:6, 2:6].unique().tolist()) <= {0, 1}
    assert set(result.face_index[1, 2:6, 2:6].unique().tolist()) <= {2, 3}


def test_a_plane_through_the_camera_fills_the_lower_half():
    # A floor one metre below reaches behind the camera: no clipping artefact.
    vertices = torch.tensor([[[-50.0, 1, -50], [50, 1, -50], [0, 1, 500]]])
    camera = torch.tensor([[10.0, 10.0, 10.0, 10.0]])
    result = rasterize(vertices, torch.tensor([[0, 1, 2]]), camera, (20, 20))
    assert (result.face_index[0, 10:] == 0).all()
    assert (result.face_index[0, :10] == -1).all()
    rows = torch.arange(10, 20) + 0.5
    expected = (10 / (rows - 10))[:, None].expand(10, 20)
    assert torch.allclose(result.depth[0, 10:], expected, rtol=1e-4)


def test_a_limb_beside_the_camera_is_not_searched_for_in_all_of_the_image():
    # A thousand small triangles through the near plane, out of view: each
    # in a box as large as the image would take 100 GB.
    small = torch.tensor([[0.3, 0, -0.01], [0.31, 0, 0.02], [0.3, 0.01, 0.02]])
    shift = torch.linspace(0, 0.1, 1000)[:, None, None]
    vertices = (small + shift * torch.tensor([1.0, 1, 0])).reshape(1, -1, 3)
    faces = torch.arange(3000).reshape(1000, 3)
    camera = torch.tensor([[500.0, 500, 640, 360]])
    result = rasterize(vertices, faces, camera, (720, 1280))
    assert (result.face_index == -1).all()
    # Seen by a wider camera they are there.
    camera = torch.tensor([[20.0, 20, 0, 0]])
    result = rasterize(vertices, faces[:3], camera, (720, 1280))
    assert (result.face_index >= 0).sum() > 1000


def test_nothing_in_front_gives_background():
    vertices, faces = soup(0, 5, -9, -5)
    result = rasterize(
        torch.tensor(vertices)[None].float(),
        torch.tensor(faces),
        torch.tensor(K)[None].float(),
        SIZE,
    )
    assert (result.face_index == -1).all()


@pytest.mark.parametrize('z_range', [(3.0, 6.0), (-0.5, 1.5)])
def test_barycentric_weights_give_back_the_visible_point(z_range):
    vertices, faces = soup(4, 20, *z_range)
    vertices = torch.tensor(vertices)[None].float()
    faces, camera = torch.tensor(faces), torch.tensor(K)[None].float()
    fragments = rasterize(vertices, faces, camera, SIZE)
    weights = barycentric(fragments, vertices, faces, camera)
    hit = fragments.face_index[0] >= 0
    assert hit.any()
    corners = vertices[0][faces[fragments.face_index[0][hit]]]
    points = (weights[0][hit][..., None] * corners).sum(1)
    y, x = hit.nonzero(as_tuple=True)
    pixels = points[:, :2] / points[:, 2:] * camera[0, :2] + camera[0, 2:]
    np.testing.assert_allclose(
        pixels, torch.stack([x, y], -1) + 0.5, atol=2e-3
    )
    np.testing.assert_allclose(
        points[:, 2], fragments.depth[0][hit], rtol=1e-3
    )


def test_far_bodies_keep_their_precision():
    # 50 m away at f = 5000: the crop's virtual camera.
    vertices, faces = soup(7, 30, -0.4, 0.4)
    vertices = vertices * 0.3
    vertices[:, 2] += 50
    camera = np.array([5000 * 56 / 224, 5000 * 56 / 224, 28, 28])
    expected, _, margin = cast_rays(vertices, faces, camera, (56, 56))
    result = rasterize(
        torch.tensor(vertices)[None].float(),
        torch.tensor(faces),
        torch.tensor(camera)[None].float(),
        (56, 56),
    )
    same = result.face_index[0].numpy() == expected
    assert same[margin > 1e-3].mean() > 0.999
    assert (expected >= 0).mean() > 0.05
