import numpy as np

from mmbopr.structures import SMPL_45
from mmbopr.testing.results import make_result
from mmbopr.visualization import draw_skeleton
from mmbopr.visualization.colors import LEFT, MIDDLE, RIGHT

IMAGE = np.full((480, 640, 3), 90, np.uint8)


def colored(picture, color):
    return np.nonzero((picture == color).all(-1))


def pixel(picture, point):
    x, y = np.floor(point).astype(int)
    return tuple(picture[y, x])


def test_joints_and_limbs_have_the_colors_of_their_side():
    result = make_result(1, seed=4)
    picture = draw_skeleton(IMAGE, result)
    points = dict(zip(SMPL_45.names, result.keypoints_2d[0], strict=True))
    assert pixel(picture, points['left_wrist']) == LEFT
    assert pixel(picture, points['right_ankle']) == RIGHT
    assert pixel(picture, points['nose']) == MIDDLE
    forearm = (points['right_elbow'] + points['right_wrist']) / 2
    assert pixel(picture, forearm) == RIGHT
    hips = (points['left_hip'] + points['right_hip']) / 2
    assert pixel(picture, hips) == MIDDLE
    assert (IMAGE == 90).all()  # the input is left alone


def test_one_who_faces_us_has_its_left_on_the_right():
    result = make_result(
        1,
        seed=4,
        global_orient=[[np.pi, 0, 0]],
        body_pose=np.zeros((1, 69)),
    )
    picture = draw_skeleton(IMAGE, result)
    x = {c: np.median(colored(picture, c)[1]) for c in (LEFT, MIDDLE, RIGHT)}
    assert x[RIGHT] < x[MIDDLE] < x[LEFT]


def test_joints_behind_the_camera_are_left_out():
    result = make_result(1, seed=4, cam_t_full=[[0, 0, -3.0]])
    np.testing.assert_array_equal(draw_skeleton(IMAGE, result), IMAGE)


def test_nearer_people_are_drawn_over_others():
    two = make_result(2, seed=4)
    fields = {k: np.repeat(v[:1], 2, 0) for k, v in two.arrays().items()}
    # At the same pixels, mirrored: left over right, or right over left.
    names = [
        n.replace('left', '#').replace('right', 'left').replace('#', 'right')
        for n in SMPL_45.names
    ]
    swap = [SMPL_45.names.index(n) for n in names]
    fields['keypoints_2d'][1] = fields['keypoints_2d'][0][swap]
    for near in (0, 1):
        fields['cam_t_full'][near, 2] = 3.0
        fields['cam_t_full'][1 - near, 2] = 6.0
        picture = draw_skeleton(IMAGE, make_result(2, **fields))
        wrist = fields['keypoints_2d'][0][SMPL_45.names.index('left_wrist')]
        assert pixel(picture, wrist) == (LEFT, RIGHT)[near]
