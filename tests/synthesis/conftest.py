import numpy as np
import pytest
import torch

from mmbopr.body_models import SMPL
from mmbopr.synthesis.appearance import sample_outfit
from mmbopr.synthesis.people import Person
from mmbopr.synthesis.pose_prior import PoseSample
from mmbopr.synthesis.rest_space import rest_space
from mmbopr.synthesis.scene import PlacedPerson
from mmbopr.synthesis.viewpoint import Viewpoint


@pytest.fixture(scope='session')
def body():
    return SMPL('open')


@pytest.fixture(scope='session')
def rest(body):
    return rest_space(body)


@pytest.fixture
def level_view():
    """A camera 1 m above the ground that looks straight ahead."""
    return Viewpoint(
        K=np.array([200.0, 200.0, 120.0, 100.0]),
        size=(240, 200),
        rotation=np.diag([1.0, -1.0, -1.0]),
        position=np.array([0.0, 1.0, 0.0]),
    )


@pytest.fixture
def standing(body):
    """The mean body in T-pose, facing the camera 4 m ahead."""
    with torch.no_grad():
        zeros = torch.zeros
        out = body(zeros(1, 10), zeros(1, 69), zeros(1, 3))
        keypoints = body.joint_set(out, 'spin_49')[0].numpy()
    root = out.joints[0, 0].numpy()
    person = Person(
        rng=np.random.default_rng(0),
        betas=np.zeros(10),
        sample=PoseSample(np.zeros((24, 3))),
        root=root,
        vertices=out.vertices[0].numpy() - root,
        keypoints=keypoints - root,
    )
    return PlacedPerson(
        person=person,
        outfit=sample_outfit(np.random.default_rng(0)),
        turn=np.eye(3),
        position=np.array([0.0, -person.vertices[:, 1].min(), -4.0]),
        radius=0.9,
    )
