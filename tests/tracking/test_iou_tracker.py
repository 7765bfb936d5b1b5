import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmbopr.registry import TASK_UTILS
from mmbopr.tracking import IoUTracker
from mmbopr.tracking.iou_tracker import box_iou

WIDTH, HEIGHT = 80, 240


def box_at(x, y=300.0):
    return [x - WIDTH / 2, y - HEIGHT / 2, x + WIDTH / 2, y + HEIGHT / 2]


def follow(frames, tracker=None, scores=None):
    """Ids of every frame's boxes; a frame is a list of boxes."""
    tracker = tracker or IoUTracker()
    scores = scores or [np.ones(len(boxes)) for boxes in frames]
    return [
        tracker.update(i, np.array(boxes), sure).tolist()
        for i, (boxes, sure) in enumerate(zip(frames, scores, strict=True))
    ]


def crossing(hidden_frames, seed, noise=2.0):
    """Two who walk past each other; the second is behind for a while.

    Returns boxes of each frame in random order, and whose each is.
    """
    rng = np.random.default_rng(seed)
    frames, people = [], []
    for i in range(80):
        centres = [(100 + 8 * i, 300), (100 + 8 * (79 - i), 312)]
        hidden = abs(i - 39.5) < hidden_frames / 2
        who = rng.permutation([0] if hidden else [0, 1])
        boxes = [box_at(*centres[k]) for k in who]
        frames.append(rng.normal(boxes, noise))
        people.append(who.tolist())
    return frames, people


@pytest.mark.parametrize('hidden_frames', [0, 6, 12, 20])
@pytest.mark.parametrize('seed', range(3))
def test_people_who_cross_keep_their_ids(hidden_frames, seed):
    frames, people = crossing(hidden_frames, seed)
    ids = follow(frames)
    # From the left: the first person is 0.
    assert ids == people


def test_without_motion_they_would_be_confused(monkeypatch):
    """What the test above would not notice otherwise."""
    monkeypatch.setattr('mmbopr.tracking.box_filter._VELOCITY', 0.0)
    monkeypatch.setattr('mmbopr.tracking.box_filter._ACCELERATION', 0.0)
    frames, people = crossing(20, 0)
    assert follow(frames) != people


@pytest.mark.parametrize(('max_gap', 'last'), [(5, 0), (4, 1)])
def test_who_is_missing_for_a_while_comes_back(max_gap, last):
    frames = [[box_at(200)]] * 2 + [[]] * 5 + [[box_at(201)]] * 2
    ids = follow(frames, IoUTracker(max_gap=max_gap))
    assert ids == [[0], [0], [], [], [], [], [], [last], [last]]


def test_frames_that_are_left_out_are_time_but_no_gap():
    """Who is hidden for three steps of 5 frames is 15 frames further on."""
    tracker = IoUTracker(max_gap=3)
    steps = [i for i in range(0, 80, 5) if i not in (40, 45, 50)]
    found = []
    for i in range(0, 80, 5):
        boxes = [box_at(100 + 6 * i)] if i in steps else []
        found += tracker.update(i, boxes, [1.0] * len(boxes)).tolist()
    assert found == [0] * 13


def test_ids_are_counted_in_order_of_appearance_from_the_left():
    frames = [
        [box_at(500), box_at(100)],
        [box_at(300), box_at(100), box_at(500)],
        [box_at(700), box_at(500), box_at(300), box_at(100)],
    ]
    assert follow(frames) == [[1, 0], [2, 0, 1], [3, 1, 2, 0]]


def test_the_assignment_is_the_best_of_all():
    """Taking the greatest overlap first would leave one without."""
    first = [box_at(100), box_at(150)]
    second = [box_at(130), box_at(190)]
    overlap = box_iou(np.array(second), np.array(first))
    assert overlap[0, 1] > overlap[0, 0] > 0.2 < overlap[1, 1]
    assert follow([first, second]) == [[0, 1], [0, 1]]


def test_unsure_boxes_continue_but_do_not_start():
    boxes = [[box_at(100), box_at(300)]] * 4
    scores = [
        np.array(s) for s in ([0.9, 0.3], [0.2, 0.3], [0.05, 0.6], [0.5, 0.2])
    ]
    ids = follow(boxes, scores=scores)
    assert ids == [[0, -1], [0, -1], [-1, 1], [0, 1]]
    assert follow([[box_at(100)]], scores=[np.array([0.3])]) == [[-1]]


def test_sure_boxes_come_first():
    """An unsure box right there does not take a person from a sure one."""
    frames = [[box_at(100)], [box_at(100), box_at(110)]]
    scores = [np.array([0.9]), np.array([0.4, 0.8])]
    assert follow(frames, scores=scores) == [[0], [-1, 0]]


def test_empty_frames_and_boxes_without_area():
    flat = [10.0, 10.0, 10.0, 90.0]
    assert follow([[], [flat], [], [flat]]) == [[], [0], [], [1]]


def test_runs_are_alike_and_results_integers():
    frames, _ = crossing(6, 5)
    assert follow(frames) == follow(frames)
    ids = IoUTracker().update(0, frames[0], np.ones(2))
    assert ids.dtype == np.int64 and ids.shape == (2,)


def test_it_is_built_by_name():
    tracker = TASK_UTILS.build(dict(type='IoUTracker', max_gap=7))
    assert isinstance(tracker, IoUTracker) and tracker.max_gap == 7


@pytest.mark.parametrize(
    'settings',
    [dict(min_iou=0), dict(keep_score=0.6), dict(max_gap=-1)],
)
def test_senseless_settings_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        IoUTracker(**settings)


def test_a_tracker_is_for_one_video():
    tracker = IoUTracker()
    tracker.update(3, [box_at(100)], [1.0])
    with pytest.raises(ValueError, match='frame 3 comes after frame 3'):
        tracker.update(3, [box_at(100)], [1.0])


corners = st.lists(st.integers(0, 12), min_size=4, max_size=4)


@given(st.lists(corners, max_size=3), st.lists(corners, max_size=3))
def test_overlap_equals_counting_pixels(first, second):
    def masks(boxes):
        out = np.zeros((len(boxes), 12, 12), bool)
        for mask, (x1, y1, x2, y2) in zip(out, boxes, strict=True):
            mask[y1:y2, x1:x2] = True
        return out

    found = box_iou(
        np.array(first, float).reshape(-1, 4),
        np.array(second, float).reshape(-1, 4),
    )
    assert found.shape == (len(first), len(second))
    for i, a in enumerate(masks(first)):
        for j, b in enumerate(masks(second)):
            union = (a | b).sum()
            expected = (a & b).sum() / union if union else 0
            assert found[i, j] == pytest.approx(expected)
