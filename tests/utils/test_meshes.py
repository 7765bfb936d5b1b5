import numpy as np
import torch

from mmbopr.synthesis.props import make_prop
from mmbopr.utils.meshes import facing_camera, vertex_normals

# Counter-clockwise seen from the camera (y down), then seen from behind.
SQUARE = torch.tensor(
    [[0.0, 0, 2], [1, 0, 2], [1, 1, 2], [0, 1, 2], [9, 9, 9]]
)
FRONT, BACK = [[0, 3, 2], [0, 2, 1]], [[2, 3, 0], [1, 2, 0]]


def test_normals_of_a_square_point_at_the_camera():
    normals = vertex_normals(SQUARE, torch.tensor(FRONT))
    expected = torch.tensor([[0.0, 0.0, -1.0]]).expand(4, 3)
    torch.testing.assert_close(normals[:4], expected)
    assert normals[4].tolist() == [0, 0, 0]  # no face uses it


def test_normals_are_weighted_by_area():
    # Two triangles share an edge on the y axis; one is four times as large.
    vertices = torch.tensor([[0.0, 0, 0], [0, 1, 0], [4, 0, 0], [0, 0, 1]])
    faces = torch.tensor([[0, 2, 1], [0, 1, 3]])
    normals = vertex_normals(vertices, faces)
    expected = torch.tensor([1.0, 0.0, 4.0]) / 17**0.5
    torch.testing.assert_close(normals[0], expected)


def test_normals_of_a_box_point_outwards():
    prop = make_prop(
        np.random.default_rng(0), 'box', (1.0, 1.0, 1.0), (0.0, 0.0)
    )
    vertices = torch.from_numpy(prop.vertices)
    normals = vertex_normals(vertices, torch.from_numpy(prop.faces)).numpy()
    outward = prop.vertices - [0, 0.5, 0]
    np.testing.assert_allclose((normals * outward).sum(1), 0.5)


def test_faces_that_look_away_are_left_out():
    faces = torch.tensor([FRONT[0], BACK[0], BACK[1], FRONT[1]])
    assert facing_camera(SQUARE, faces).tolist() == FRONT
    # The same square behind the camera is seen from its other side.
    behind = SQUARE - torch.tensor([0.0, 0.0, 4.0])
    assert facing_camera(behind, faces).tolist() == BACK
