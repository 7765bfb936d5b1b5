"""Puts the readers in reach; people whose left arm is raised."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mmbopr.body_models import SMPL
from mmbopr.structures import tracks_of
from mmbopr.testing.results import make_result

sys.path.insert(0, str(Path(__file__).parent))

from bodies import TURNS


@pytest.fixture(scope='session')
def body():
    return SMPL('open')


@pytest.fixture(params=list(TURNS))
def axis(request):
    return request.param


@pytest.fixture
def turn(axis):
    return TURNS[axis]


def raise_left_arm(people=1, **fields):
    """Facing the camera, the left arm up: left is the image's right."""
    pose = np.zeros((people, 23, 3))
    pose[:, 15] = [0, 0, 1.2]  # the left shoulder about the front
    orient = np.tile([np.pi, 0, 0], (people, 1))
    return make_result(
        people,
        body_pose=pose.reshape(people, 69),
        global_orient=orient,
        **fields,
    )


@pytest.fixture(scope='session')
def left_arm_result():
    return raise_left_arm()


@pytest.fixture(scope='session')
def left_arm_track():
    results = [
        raise_left_arm(seed=7, frame=frame, track_id=[1]) for frame in range(3)
    ]
    return tracks_of(results, fps=25)[0]


@pytest.fixture(scope='session')
def track():
    """Frames 4, 5, 6, 9, 10 of a video of 25 a second, of varying shape."""
    results = [
        make_result(seed=seed, frame=frame, track_id=[3])
        for seed, frame in enumerate([4, 5, 6, 9, 10])
    ]
    return tracks_of(results, fps=25)[0]
