import numpy as np
import pytest
import torch

from mmbopr.structures.joints import SPIN_49
from mmbopr.synthesis.props import make_prop
from mmbopr.synthesis.render import compose, render_layer
from mmbopr.synthesis.visibility import occlusion_fraction, visible_joints


def _observe(view, placed, rest, occluders=()):
    meshes = [(placed.vertices, rest.faces)]
    meshes += [(prop.vertices, prop.faces) for prop in occluders]
    layers = [
        render_layer(view.to_camera(v), torch.from_numpy(f), view, 1.0)
        for v, f in meshes
    ]
    buffer = compose(layers, view.size)
    joints = view.to_camera(placed.to_world(placed.person.keypoints))
    visible = visible_joints(joints, rest.thickness, 0, buffer, view)
    occlusion = occlusion_fraction(layers[0], 0, buffer)
    return occlusion, dict(zip(SPIN_49.names, visible, strict=True)), layers


def _screen(height):
    """Something 4 m wide before the person, that high."""
    rng = np.random.default_rng(0)
    return make_prop(rng, 'box', (4.0, height, 0.02), (0.0, -3.0))


def test_unoccluded_person(level_view, standing, rest):
    occlusion, visible, _ = _observe(level_view, standing, rest)
    assert occlusion == 0
    hidden = {name for name, seen in visible.items() if not seen}
    # Heels lie behind the feet, ears beside the head, the crown on top.
    assert hidden <= {'left_heel', 'right_heel', 'left_ear', 'right_ear',
                      'gt_left_ear', 'gt_right_ear',
                      'gt_head_top_lsp'}  # fmt: skip


def test_screen_before_the_lower_half(level_view, standing, rest):
    # Seen from 1 m above the ground a screen of 1 m hides all below 1 m.
    occlusion, visible, layers = _observe(
        level_view, standing, rest, [_screen(1.0)]
    )
    alone = layers[0].fragments.face_index[0].numpy() >= 0
    rows = layers[0].origin[1] + np.nonzero(alone)[0]
    assert occlusion == pytest.approx((rows >= 100).mean(), abs=1e-6)
    assert 0.2 < occlusion < 0.6
    joints = level_view.to_camera(standing.to_world(standing.person.keypoints))
    for name, joint in zip(SPIN_49.names, joints, strict=True):
        if joint[1] > 0.02:  # below the camera
            assert not visible[name], name
    for name in ('nose', 'left_wrist', 'right_shoulder', 'neck'):
        assert visible[name], name


def test_screen_before_everything(level_view, standing, rest):
    occlusion, visible, _ = _observe(
        level_view, standing, rest, [_screen(3.0)]
    )
    assert occlusion == 1 and not any(visible.values())


def test_what_is_outside_the_image_is_occluded(level_view, standing, rest):
    # The middle of the body moves to the left border.
    standing.position[0] -= 120 / 200 * 4
    occlusion, visible, layers = _observe(level_view, standing, rest)
    alone = layers[0].fragments.face_index[0].numpy() >= 0
    columns = layers[0].origin[0] + np.nonzero(alone)[1]
    assert occlusion == pytest.approx((columns < 0).mean(), abs=1e-6)
    assert occlusion == pytest.approx(0.5, abs=0.08)
    assert visible['left_wrist'] and not visible['right_wrist']


def test_own_body_hides_joints(level_view, standing, rest):
    standing.turn = np.diag([-1.0, 1.0, -1.0])  # seen from behind
    occlusion, visible, _ = _observe(level_view, standing, rest)
    assert occlusion == 0
    assert not visible['nose'] and not visible['left_eye']
    assert visible['left_heel'] and visible['left_wrist']
