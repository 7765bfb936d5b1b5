import numpy as np


def test_thickness_is_the_flesh_around_a_joint(rest):
    assert rest.thickness.shape == (49,)
    assert rest.thickness[0] == 0  # the nose is a vertex
    assert 0.01 < rest.thickness[4] < 0.06  # a wrist
    assert 0.05 < rest.thickness[8] < 0.2  # the pelvis


def test_landmarks_are_the_joints_of_the_template(rest):
    mark = rest.landmarks
    assert len(mark) == 46
    assert mark['head_top'][1] > mark['nose'][1] > mark['neck'][1]
    np.testing.assert_allclose(
        mark['left_knee'] * [-1, 1, 1], mark['right_knee'], atol=2e-3
    )
    gap = np.linalg.norm(rest.vertices - mark['nose'], axis=1)
    assert gap.min() < 2e-3
