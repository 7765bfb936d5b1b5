"""Random people: shape, pose, and whether the pose is physically plausible."""

from dataclasses import dataclass, field
from typing import List, Sequence

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from mmbopr.structures.joints import J24_IN_SPIN_49, SMPL_24

from .pose_prior import PoseSample, sample_pose

MAX_BETA = 2.5
_MAX_DRAWS = 8
_MAX_BALANCE_TILT = np.deg2rad(35)
_LEFT_ARM, _RIGHT_ARM = (18, 20, 22), (19, 21, 23)
_LEFT_SHANK = (4, 7, 10)
# Rough shares of the body's mass around each joint; arms hang on spine3.
_MASS = {
    'pelvis': 0.16, 'spine2': 0.16, 'spine3': 0.2, 'head': 0.08,
    'left_elbow': 0.05, 'right_elbow': 0.05, 'left_hip': 0.07,
    'right_hip': 0.07, 'left_knee': 0.08, 'right_knee': 0.08,
}  # fmt: skip


@dataclass
class Person:
    """A posed person in an upright frame (y up, front towards z).

    Attributes:
        rng: The person's own source of randomness.
        betas: (10,) shape.
        sample: Its pose; row 0 of ``sample.pose`` is the pelvis's tilt.
        orient: (3, 3) rotation of the root in the upright frame.
        root: (3,) rest position of the pelvis, SMPL's frame, metres.
        vertices: (V, 3) metres, relative to the pelvis.
        keypoints: (49, 3) SPIN-49, likewise.
    """

    rng: np.random.Generator
    betas: np.ndarray
    sample: PoseSample
    orient: np.ndarray = field(default_factory=lambda: np.eye(3))
    root: np.ndarray = None
    vertices: np.ndarray = None
    keypoints: np.ndarray = None

    @property
    def joints_24(self) -> np.ndarray:
        """(24, 3) J24 joints, metres, relative to the pelvis."""
        return self.keypoints[list(J24_IN_SPIN_49)]


def draw_people(
    body: torch.nn.Module,
    rngs: Sequence[np.random.Generator],
    preset: str,
) -> List[Person]:
    """Draw one plausible person per source of randomness.

    A pose whose limbs run through the body is drawn again a few times.

    Args:
        body: A ``mmbopr.body_models.SMPL``.
        rngs: One source of randomness per person.
        preset: Key of ``pose_prior.PRESETS``.

    Returns:
        list[Person]: in the order of ``rngs``.
    """
    people = [
        Person(
            rng=rng,
            betas=np.clip(rng.normal(0, 1, 10), -MAX_BETA, MAX_BETA),
            sample=sample_pose(rng, preset),
        )
        for rng in rngs
    ]
    parts = body.part_labels.cpu().numpy()
    open_cases = people
    for draw in range(_MAX_DRAWS):
        joints = _pose_bodies(body, open_cases)
        open_cases = [
            person
            for person, j in zip(open_cases, joints, strict=True)
            if limbs_collide(person.vertices, j, person.sample.pose, parts)
        ]
        if not open_cases or draw == _MAX_DRAWS - 1:
            break
        for person in open_cases:
            person.sample = sample_pose(person.rng, preset)
    joints = _pose_bodies(body, people)
    for person, j in zip(people, joints, strict=True):
        _set_upright(person, j)
    return people


def _pose_bodies(body: torch.nn.Module, people: List[Person]) -> np.ndarray:
    """Pose the bodies with an unturned root; return (N, 24, 3) joints."""
    betas = np.stack([p.betas for p in people])
    pose = np.stack([p.sample.pose for p in people])
    pose = torch.from_numpy(pose).float()
    with torch.no_grad():
        output = body(
            betas=torch.from_numpy(betas).float(),
            body_pose=pose[:, 1:].flatten(1),
            global_orient=torch.zeros_like(pose[:, 0]),
        )
        keypoints = body.joint_set(output, 'spin_49').numpy()
        joints = body.joint_set(output, 'smpl_24').numpy()
    vertices = output.vertices.numpy()
    for i, person in enumerate(people):
        person.root = joints[i, 0].astype(np.float64)
        person.vertices = vertices[i] - joints[i, 0]
        person.keypoints = keypoints[i] - joints[i, 0]
    return joints - joints[:, :1]


def _set_upright(person: Person, joints: np.ndarray) -> None:
    """Tilt the pelvis and, on its feet, balance the person."""
    tilt = Rotation.from_rotvec(person.sample.pose[0])
    if person.sample.balanced:
        tilt = _balance(tilt.apply(joints)) * tilt
    person.orient = tilt.as_matrix()
    matrix = person.orient.T.astype(np.float32)
    person.vertices = person.vertices @ matrix
    person.keypoints = person.keypoints @ matrix


def _balance(joints: np.ndarray) -> Rotation:
    """Rotation that brings the centre of mass above the feet."""
    index = [SMPL_24.names.index(name) for name in _MASS]
    mass = np.array(list(_MASS.values()))
    centre = mass @ joints[index] / mass.sum()
    names = ('left_ankle', 'right_ankle', 'left_foot', 'right_foot')
    feet = joints[[SMPL_24.names.index(name) for name in names]]
    # Whoever lifts a foot stands on the other one.
    weight = np.exp((feet[:, 1].min() - feet[:, 1]) / 0.06)
    support = weight @ feet / weight.sum()
    up = (centre - support) / np.linalg.norm(centre - support)
    turn = np.cross(up, [0.0, 1.0, 0.0])
    sine = np.linalg.norm(turn)
    angle = min(np.arctan2(sine, up[1]), _MAX_BALANCE_TILT)
    return Rotation.from_rotvec(turn * (angle / max(sine, 1e-9)))


def limbs_collide(
    vertices: np.ndarray,
    joints: np.ndarray,
    pose: np.ndarray,
    parts: np.ndarray,
) -> bool:
    """Whether an arm or shank runs through another part of the body.

    Tests sampled surface points of forearms, hands and the left shank against
    an elliptic trunk and round thighs, forearms, shanks and head, all
    measured on the posed mesh itself.

    Args:
        vertices: (V, 3) metres, pelvis unturned and at the origin.
        joints: (24, 3) SMPL joints, likewise.
        pose: (24, 3) axis-angle, radians.
        parts: (V,) part label of each vertex.

    Returns:
        bool: True if more than 3% of a limb's points are inside.
    """
    left = _sample(vertices, parts, _LEFT_ARM)
    right = _sample(vertices, parts, _RIGHT_ARM)
    shank = _sample(vertices, parts, _LEFT_SHANK)
    arms = np.concatenate([left, right])
    inside = _inside_trunk(arms, vertices, joints, pose, parts)
    for points, start, end, part, slack in (
        (arms, 1, 4, 1, 0.7),
        (arms, 2, 5, 2, 0.7),
        (left, 19, 21, 19, 0.9),
        (right, 18, 20, 18, 0.9),
        (shank, 5, 8, 5, 0.9),
    ):
        tube = vertices[parts == part][::4]
        radius = _distance_to_segment(tube, joints[start], joints[end]).mean()
        gap = _distance_to_segment(points, joints[start], joints[end])
        if (gap < slack * radius).mean() > 0.03:
            return True
    head = vertices[parts == 15][::8]
    centre = head.mean(0)
    radius = np.linalg.norm(head - centre, axis=1).mean()
    inside |= np.linalg.norm(arms - centre, axis=1) < 0.9 * radius
    return bool(inside.mean() > 0.03)


def _sample(vertices, parts, chosen) -> np.ndarray:
    return vertices[np.isin(parts, chosen)][::8]


def _distance_to_segment(points, start, end) -> np.ndarray:
    along = end - start
    share = np.clip((points - start) @ along / (along @ along), 0, 1)
    return np.linalg.norm(points - start - share[:, None] * along, axis=1)


def _inside_trunk(points, vertices, joints, pose, parts) -> np.ndarray:
    """Points inside an ellipse across spine2, from the hips to the neck."""
    spine = Rotation.from_rotvec(pose[3]) * Rotation.from_rotvec(pose[6])
    axes = spine.as_matrix().astype(np.float32)
    trunk = (vertices[np.isin(parts, (3, 6))] - joints[6]) @ axes
    low, high = trunk.min(0), trunk.max(0)
    local = (points - joints[6]) @ axes
    offset = (local - (low + high) / 2) / ((high - low) / 2)
    bottom = ((joints[1] + joints[2]) / 2 - joints[6]) @ axes
    top = (joints[12] - joints[6]) @ axes
    within = (local[:, 1] > bottom[1]) & (local[:, 1] < top[1])
    return within & ((offset[:, [0, 2]] ** 2).sum(1) < 0.9)
