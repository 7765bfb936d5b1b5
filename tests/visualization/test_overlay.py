import dataclasses

import numpy as np
import pytest

from mmbopr.structures import SMPL_24
from mmbopr.testing.results import make_result
from mmbopr.visualization import (
    draw_overlay,
    draw_side_view,
    draw_top_view,
    track_colors,
)

IMAGE = np.full((480, 640, 3), 90, np.uint8)


def raise_left_arm(**fields):
    """One person that faces the camera with its left arm up."""
    body_pose = np.zeros((1, 69), np.float32)
    joint = SMPL_24.names.index('left_shoulder') - 1
    body_pose[0, 3 * joint + 2] = 1.3
    pose = dict(
        body_pose=body_pose,
        global_orient=[[np.pi, 0, 0]],
        betas=np.zeros((1, 10)),
        cam_t_full=[[0.0, 0.3, 4.0]],
    )
    return make_result(1, **pose | fields)


def drawn(picture):
    return (picture != IMAGE).any(-1)


def test_people_are_drawn_inside_their_boxes(body):
    result = make_result(3, seed=4)
    rows, columns = np.nonzero(drawn(draw_overlay(IMAGE, result, body)))
    expected = [
        result.bbox[:, 0].min(),
        result.bbox[:, 1].min(),
        result.bbox[:, 2].max(),
        result.bbox[:, 3].max(),
    ]
    found = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    np.testing.assert_allclose(found, expected, atol=1.5)


def test_the_left_arm_is_on_the_right_of_one_who_faces_us_only(body):
    rows, columns = np.nonzero(
        drawn(draw_overlay(IMAGE, raise_left_arm(), body))
    )
    middle = 320  # where the camera looks, and the person stands
    assert columns[rows.argmin()] > middle + 20
    away = raise_left_arm(global_orient=[[0, 0, np.pi]])
    rows, columns = np.nonzero(drawn(draw_overlay(IMAGE, away, body)))
    assert columns[rows.argmin()] < middle - 20


def test_nearer_people_hide_others_whatever_their_order(body):
    two = raise_left_arm()
    fields = {k: np.repeat(v, 2, 0) for k, v in two.arrays().items()}
    fields['cam_t_full'] = np.array([[0, 0.3, 6.0], [0, 0.3, 4.0]])
    pictures = []
    for order in ([0, 1], [1, 0]):
        ordered = {k: v[order] for k, v in fields.items()}
        result = dataclasses.replace(
            two, **ordered, track_id=np.array([1, 0])[order]
        )
        pictures.append(draw_overlay(IMAGE, result, body))
    np.testing.assert_array_equal(*pictures)
    chest = pictures[0][200, 320].astype(float)
    near, far = track_colors([0, 1])
    assert np.corrcoef(chest, near)[0, 1] > 0.99
    assert np.corrcoef(chest, far)[0, 1] < 0


def test_a_person_keeps_its_color(body):
    result = make_result(2, seed=4, track_id=[5, 9])
    alone = make_result(2, seed=4, track_id=[5, 9])
    alone = dataclasses.replace(
        alone, **{k: v[1:] for k, v in alone.arrays().items()}
    )
    both, one = (draw_overlay(IMAGE, r, body) for r in (result, alone))
    same = (both == one).all(-1)[drawn(one)]
    assert same.mean() > 0.5  # where the other does not hide it


def test_who_leaves_the_image_is_cut_off(body):
    result = raise_left_arm(cam_t_full=[[1.6, 0.3, 4.0]])
    mask = drawn(draw_overlay(IMAGE, result, body))
    assert mask[:, -1].any() and not mask[:, :320].any()


def test_who_is_behind_the_camera_is_not_drawn(body):
    result = raise_left_arm(cam_t_full=[[0.0, 0.3, -4.0]])
    assert not drawn(draw_overlay(IMAGE, result, body)).any()


def test_side_and_top_view_show_who_is_far(body):
    result = make_result(
        2,
        seed=4,
        global_orient=[[np.pi, 0, 0]] * 2,
        cam_t_full=[[0, 0, 3.0], [0, 0, 8.0]],
    )
    near, far = track_colors([0, 1])
    for draw, axis, sign in ((draw_side_view, 1, 1), (draw_top_view, 0, -1)):
        picture = draw(result, body, 200).astype(float)
        people = (picture < 250).any(-1)
        is_far = np.abs(picture - far).sum(-1) < np.abs(picture - near).sum(-1)
        far_at = np.median(np.nonzero(people & is_far)[axis])
        near_at = np.median(np.nonzero(people & ~is_far)[axis])
        assert sign * (far_at - near_at) > 60


def test_nobody_leaves_the_image(body):
    nobody = make_result(0)
    assert not drawn(draw_overlay(IMAGE, nobody, body)).any()
    assert (draw_side_view(nobody, body, 8) == 255).all()


def test_other_image_or_body_is_refused(body):
    with pytest.raises(ValueError, match=r'photo.jpg.*\(480, 640\).*upright'):
        draw_overlay(IMAGE.transpose(1, 0, 2), make_result(), body)
    other = make_result(body_model_id='smpl')
    with pytest.raises(ValueError, match=r"'smpl'.*'open-1'"):
        draw_overlay(IMAGE, other, body)
