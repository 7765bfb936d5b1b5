"""Against a plain Kalman filter of one edge, and against what happened."""

import numpy as np

from mmbopr.tracking.box_filter import (
    _ACCELERATION,
    _EDGE,
    _VELOCITY,
    BoxFilter,
)

BOX = np.array([[100.0, 50.0, 180.0, 250.0]])


def test_a_steady_motion_is_learnt_and_continued():
    boxes = BoxFilter(BOX.copy())
    for i in range(1, 20):
        boxes.predict(1)
        boxes.correct(np.array([0]), BOX + i * np.array([6, 0, 6, 1]))
    np.testing.assert_allclose(boxes.velocity[0], [6, 0, 6, 1], atol=0.3)

    boxes.predict(10)

    expected = BOX[0] + 29 * np.array([6, 0, 6, 1])
    np.testing.assert_allclose(boxes.boxes[0], expected, atol=4)


def test_it_equals_a_kalman_filter_written_out():
    """In pixels, with the noise of a box 200 pixels high."""
    height = 200.0
    x = np.array([BOX[0, 0], 0.0])
    P = np.diag([(_EDGE * height) ** 2, (_VELOCITY * height) ** 2])
    R = (_EDGE * height) ** 2
    H = np.array([[1.0, 0.0]])
    boxes = BoxFilter(BOX.copy())
    rng = np.random.default_rng(0)
    for dt in (1, 1, 3, 1, 2):
        edge = x[0] + rng.normal(4, 5)
        F = np.array([[1.0, dt], [0.0, 1.0]])
        Q = np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
        x, P = F @ x, F @ P @ F.T + (_ACCELERATION * height) ** 2 * Q
        K = P @ H.T / (H @ P @ H.T + R)
        x, P = x + K[:, 0] * (edge - x[0]), (np.eye(2) - K @ H) @ P

        boxes.predict(dt)
        boxes.correct(np.array([0]), np.array([[edge, 50, 180, 250]]))

        np.testing.assert_allclose(boxes.boxes[0, 0], x[0])
        np.testing.assert_allclose(boxes.velocity[0, 0], x[1])
        np.testing.assert_allclose(boxes.covariance[0] * height**2, P)


def test_boxes_do_not_disturb_each_other():
    two = BoxFilter(np.concatenate([BOX, BOX + 300]))
    one = BoxFilter(BOX.copy())
    for boxes in (one, two):
        boxes.predict(1)
        boxes.correct(np.array([0]), BOX + 3)
        boxes.predict(2)
    np.testing.assert_allclose(two.boxes[:1], one.boxes)
    np.testing.assert_allclose(two.boxes[1:], BOX + 300)


def test_boxes_come_and_go():
    boxes = BoxFilter()
    boxes.add(BOX)
    boxes.add(np.concatenate([BOX + 100, BOX + 200]))
    kept = boxes.select(np.array([True, False, True]))
    np.testing.assert_array_equal(kept.boxes, np.vstack([BOX, BOX + 200]))
    assert kept.velocity.shape == (2, 4)
    assert kept.covariance.shape == (2, 2, 2)
