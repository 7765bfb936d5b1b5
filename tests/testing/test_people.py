import cv2
import numpy as np
import torch

from mmbopr.body_models import SMPL
from mmbopr.datasets import AnnotationFile
from mmbopr.testing.dots import draw_dots, find_dot
from mmbopr.testing.people import make_people, random_annotations
from mmbopr.utils.camera import perspective_project


def test_labels_agree_with_the_body(tmp_path):
    columns = AnnotationFile(make_people(tmp_path, 5, seed=3)).columns
    pose, betas, transl, K = (
        torch.from_numpy(np.array(columns[key]))
        for key in ('pose', 'betas', 'transl', 'K')
    )
    body = SMPL('open')
    output = body(betas, pose[:, 1:].flatten(1), pose[:, 0], transl)
    pixels = perspective_project(body.joint_set(output, 'spin_49'), K)
    np.testing.assert_allclose(pixels, columns['kp2d'][..., :2], atol=1e-2)
    joints = body.joint_set(output, 'j24').numpy()
    joints = joints - joints[:, 2:4].mean(1, keepdims=True)
    np.testing.assert_allclose(joints, columns['kp3d'][..., :3], atol=1e-5)


def test_people_stand_on_the_axis_in_their_boxes(tmp_path):
    columns = AnnotationFile(make_people(tmp_path, 5)).columns
    np.testing.assert_array_equal(
        columns['bbox_cs'][:, :2], columns['K'][:, 2:]
    )
    points = columns['kp2d'][..., :2]
    centre = (points.min(1) + points.max(1)) / 2
    np.testing.assert_allclose(centre, [[240, 180]] * 5, atol=0.01)
    extent = (points.max(1) - points.min(1)).max(1)
    np.testing.assert_allclose(columns['bbox_cs'][:, 2], extent * 1.2)


def test_pictures_exist_and_differ(tmp_path):
    columns = AnnotationFile(
        make_people(tmp_path, 3, image_size=(160, 120))
    ).columns
    pictures = [cv2.imread(f'{tmp_path}/{x}') for x in columns['img_path']]
    assert all(x.shape == (120, 160, 3) for x in pictures)
    assert (pictures[0] != pictures[1]).mean() > 0.5


def test_random_annotations_are_reproducible():
    first, again = random_annotations(4, 1), random_annotations(4, 1)
    assert all((first[key] == again[key]).all() for key in first)
    assert (first['pose'] != random_annotations(4, 2)['pose']).all()


def test_dots_are_found_where_they_are_drawn():
    points = np.array([[20.25, 30.5], [70.0, 41.9]])
    colours = np.array([[200, 100, 50], [0, 250, 125]])
    img = draw_dots(points, colours, (100, 60), 2.5)
    for point, colour in zip(points, colours, strict=True):
        centroid, found = find_dot(img, point + 1, 12)
        np.testing.assert_allclose(centroid, point, atol=0.01)
        np.testing.assert_allclose(found, colour / colour.max(), atol=0.02)
