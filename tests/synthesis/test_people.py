import numpy as np
import pytest
import torch

from mmbopr.structures.joints import SMPL_24
from mmbopr.synthesis.people import draw_people, limbs_collide
from mmbopr.utils.rotation import matrix_to_axis_angle


def _draw(body, preset, count=12):
    seeds = np.random.SeedSequence(3).spawn(count)
    return draw_people(body, [np.random.default_rng(s) for s in seeds], preset)


def _pose(body, **degrees):
    pose = np.zeros((24, 3))
    for name, angles in degrees.items():
        pose[SMPL_24.names.index(name)] = np.deg2rad(angles)
    tensor = torch.from_numpy(pose).float()
    with torch.no_grad():
        out = body(torch.zeros(1, 10), tensor[None, 1:].flatten(1),
                   torch.zeros(1, 3))  # fmt: skip
    joints = out.joints[0, :24].numpy()
    return out.vertices[0].numpy() - joints[0], joints - joints[0], pose


@pytest.mark.parametrize(
    'degrees, collides',
    [
        ({}, False),
        ({'left_shoulder': (0, 0, -65), 'right_shoulder': (0, 0, 65)}, False),
        # The forearm is bent behind the elbow into the waist.
        ({'left_shoulder': (0, 0, -80), 'left_elbow': (0, 0, -60)}, True),
        # Ankles crossed through each other.
        ({'left_hip': (0, 0, -20), 'right_hip': (0, 0, 20)}, True),
    ],
)
def test_limbs_collide(body, degrees, collides):
    parts = body.part_labels.numpy()
    assert limbs_collide(*_pose(body, **degrees), parts) is collides


@pytest.mark.parametrize('preset', ['everyday', 'extreme'])
def test_people_are_what_the_body_model_makes_of_them(body, preset):
    people = _draw(body, preset)
    for person in people:
        assert np.abs(person.betas).max() <= 2.5
        pose = torch.from_numpy(person.sample.pose[1:]).float()
        orient = torch.from_numpy(person.orient).float()
        with torch.no_grad():
            out = body(
                torch.from_numpy(person.betas)[None].float(),
                pose.reshape(1, 69),
                matrix_to_axis_angle(orient[None]),
            )
            keypoints = body.joint_set(out, 'spin_49')[0].numpy()
        pelvis = out.joints[0, 0].numpy()
        np.testing.assert_allclose(pelvis, person.root, atol=1e-5)
        np.testing.assert_allclose(
            out.vertices[0].numpy() - pelvis, person.vertices, atol=2e-5
        )
        np.testing.assert_allclose(
            keypoints - pelvis, person.keypoints, atol=2e-5
        )


@pytest.mark.parametrize('preset', ['everyday', 'extreme'])
def test_people_who_stand_are_in_balance(body, preset):
    offsets = []
    for person in _draw(body, preset, 24):
        if person.sample.balanced:
            low = person.vertices[:, 1].min()
            sole = person.vertices[person.vertices[:, 1] < low + 0.1].mean(0)
            trunk = person.vertices[
                np.isin(body.part_labels.numpy(), (0, 3, 6, 9))
            ].mean(0)
            offsets.append(np.linalg.norm((trunk - sole)[[0, 2]]))
    assert len(offsets) > 10
    assert np.median(offsets) < 0.15


def test_people_do_not_depend_on_their_company(body):
    together = _draw(body, 'extreme', 4)
    alone = _draw(body, 'extreme', 1)[0]
    np.testing.assert_array_equal(alone.sample.pose, together[0].sample.pose)
    np.testing.assert_allclose(alone.vertices, together[0].vertices, atol=1e-5)
