"""Random human poses within anatomical joint limits.

Angles are degrees about the axes of SMPL's canonical frame (x the subject's
left, y up, z front), written for the left side of the body; the right side
mirrors them, (x, y, z) -> (x, -y, -z).  Arms stretch out along x at rest.
"""

from dataclasses import dataclass
from typing import Callable, Dict, Optional, Tuple

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.structures.joints import SMPL_24

# Lower and upper limit of the axis-angle components x, y, z.
_LIMITS: Dict[str, Tuple[Tuple[float, ...], Tuple[float, ...]]] = {
    'hip': ((-125, -35, -20), (30, 45, 50)),
    'knee': ((0, -8, -8), (135, 8, 8)),
    'ankle': ((-35, -15, -15), (40, 15, 15)),
    'foot': ((-20, -5, -5), (15, 5, 5)),
    'spine1': ((-15, -15, -15), (35, 15, 15)),
    'spine2': ((-10, -15, -12), (25, 15, 12)),
    'spine3': ((-10, -15, -10), (20, 15, 10)),
    'neck': ((-25, -30, -15), (30, 30, 15)),
    'head': ((-25, -35, -15), (25, 35, 15)),
    'collar': ((-10, -20, -15), (10, 15, 30)),
    'shoulder': ((-110, -120, -100), (75, 60, 90)),
    'elbow': ((-15, -145, -10), (15, 0, 10)),
    'wrist': ((-50, -25, -40), (50, 25, 40)),
    'hand': ((-10, -10, -30), (10, 10, 15)),
}
_ROOT_LIMIT = 180.0


@dataclass(frozen=True)
class PoseSample:
    """A pose and how the body stands in the world.

    Attributes:
        pose: (24, 3) axis-angle in radians; row 0 is the tilt of the pelvis
            from upright, before balancing and turning.
        balanced: Whether the body stands on its feet, so that its centre of
            mass has to be brought above them.
        seated: Whether it needs a seat.
    """

    pose: np.ndarray
    balanced: bool = True
    seated: bool = False


def _side_free(name: str) -> str:
    return name.replace('left_', '').replace('right_', '')


def joint_limits() -> Tuple[np.ndarray, np.ndarray]:
    """Limits of the axis-angle components of the 24 joints.

    Returns:
        tuple[np.ndarray, np.ndarray]: lower and upper limits, each (24, 3)
        in radians; the root may turn freely.
    """
    lower, upper = np.full((2, 24, 3), _ROOT_LIMIT) * [[[-1]], [[1]]]
    for row, name in enumerate(SMPL_24.names[1:], 1):
        lower[row], upper[row] = _LIMITS[_side_free(name)]
        if name.startswith('right_'):
            low, high = lower[row].copy(), upper[row].copy()
            lower[row, 1:], upper[row, 1:] = -high[1:], -low[1:]
    return np.deg2rad(lower), np.deg2rad(upper)


class _Draft:
    """A pose under construction: degrees, both sides written as left."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.degrees = np.zeros((24, 3))

    def set(self, name: str, x: float = 0, y: float = 0, z: float = 0) -> None:
        self.degrees[SMPL_24.names.index(name)] = x, y, z

    def get(self, name: str) -> np.ndarray:
        return self.degrees[SMPL_24.names.index(name)]

    def arm(self, side: str, gesture: str) -> None:
        """Pose an arm by flexion (forward < 0), elevation, twist, elbow."""
        low, high = _GESTURES[gesture]
        flexion, elevation, twist, elbow = self.rng.uniform(low, high)
        angles = Rotation.from_euler(
            'XZX', [flexion, elevation, twist], degrees=True
        ).as_rotvec(degrees=True)
        self.set(f'{side}_shoulder', *angles)
        self.set(f'{side}_elbow', self.rng.normal(0, 4), -elbow)
        self.set(f'{side}_collar', z=max(0.0, elevation) * 0.3)
        self.set(f'{side}_wrist', *self.rng.normal(0, (15, 8, 10)))
        self.set(f'{side}_hand', z=self.rng.uniform(-25, 5))

    def leg(
        self, side: str, hip, knee: float, ankle: Optional[float] = None
    ) -> None:
        """Pose a leg; without ``ankle`` its sole stays level."""
        self.set(f'{side}_hip', *hip)
        self.set(f'{side}_knee', knee)
        level = -(hip[0] + knee + self.degrees[0, 0])
        self.set(f'{side}_ankle', level if ankle is None else ankle)

    def trunk(self, bend: float = 0.0, spread: float = 1.0) -> None:
        """Bend the spine forward and let it and the head wander."""
        wander = self.rng.normal(0, spread, (5, 3)) * [
            [4, 5, 4], [3, 5, 3], [3, 4, 3], [7, 10, 4], [6, 10, 4]
        ]  # fmt: skip
        wander[:, 0] += bend * np.array([0.45, 0.3, 0.25, -0.1, -0.1])
        names = ('spine1', 'spine2', 'spine3', 'neck', 'head')
        for name, angles in zip(names, wander, strict=True):
            self.set(name, *angles)

    def finish(self, **kind) -> PoseSample:
        """Mirror the right side and clip to the limits."""
        pose = np.deg2rad(self.degrees)
        right = [n.startswith('right_') for n in SMPL_24.names]
        pose[right] *= [1, -1, -1]
        return PoseSample(np.clip(pose, *joint_limits()), **kind)


# Ranges of flexion, elevation, twist (inward > 0) and elbow bend, degrees.
_GESTURES = {
    'hang': ((-14, -82, -10, 5), (8, -68, 25, 40)),
    'reach': ((-110, -85, -15, 0), (-45, -55, 20, 55)),
    'hold': ((-45, -80, -10, 70), (-10, -62, 35, 125)),
    'lap': ((-50, -82, -5, 35), (-25, -70, 30, 75)),
    'side': ((-20, -50, -30, 0), (15, 10, 30, 80)),
    'akimbo': ((5, -62, 30, 75), (25, -45, 60, 100)),
    'back': ((10, -80, 0, 5), (45, -62, 30, 50)),
    'raise': ((-25, 30, -40, 0), (15, 75, 20, 70)),
}
_EVERYDAY_ARMS = ('hang', 'hang', 'hang', 'hold', 'reach', 'akimbo', 'side')
_EXTREME_ARMS = ('raise', 'raise', 'side', 'reach', 'back', 'hold')
_SIDES = ('left', 'right')


def _arms(draft: _Draft, gestures) -> None:
    for side in _SIDES:
        draft.arm(side, gestures[draft.rng.integers(len(gestures))])


def _stand(rng: np.random.Generator, arms=_EVERYDAY_ARMS) -> PoseSample:
    draft = _Draft(rng)
    stance = rng.uniform(0, 9)
    for side in _SIDES:
        knee = rng.uniform(0, 12)
        hip = (-0.5 * knee, rng.uniform(0, 18), stance + rng.normal(0, 1))
        draft.leg(side, hip, knee)
    draft.trunk(rng.normal(2, 6))
    _arms(draft, arms)
    return draft.finish()


def _walk(rng: np.random.Generator) -> PoseSample:
    draft = _Draft(rng)
    stride = rng.uniform(8, 30)
    front, rear = _SIDES if rng.random() < 0.5 else _SIDES[::-1]
    out = rng.uniform(0, 8, 2)
    knee = rng.uniform(2, 14)
    draft.leg(front, (-stride, out[0], rng.uniform(-2, 3)), knee)
    lift = rng.uniform(5, 15) + stride * rng.uniform(0, 0.8)
    hip = (0.6 * stride, out[1], rng.uniform(-2, 3))
    draft.leg(rear, hip, lift, rng.uniform(-5, 15))
    draft.set(f'{rear}_foot', -rng.uniform(0, 15))
    draft.trunk(rng.normal(4, 5))
    for side, sign in ((front, 1), (rear, -1)):
        draft.arm(side, 'hang')
        swing = Rotation.from_euler('x', sign * 0.8 * stride, degrees=True)
        shoulder = draft.get(f'{side}_shoulder')
        turned = swing * Rotation.from_rotvec(shoulder, degrees=True)
        draft.set(f'{side}_shoulder', *turned.as_rotvec(degrees=True))
    return draft.finish()


def _sit(rng: np.random.Generator) -> PoseSample:
    draft = _Draft(rng)
    draft.set('pelvis', rng.uniform(-14, 6))
    apart = rng.uniform(0, 14)
    for side in _SIDES:
        hip = (rng.uniform(-92, -78) - draft.degrees[0, 0], apart, 0.5 * apart)
        draft.leg(side, hip, rng.uniform(72, 98))
    draft.trunk(rng.normal(8, 9))
    _arms(draft, ('lap', 'lap', 'hang', 'hold', 'reach'))
    return draft.finish(balanced=False, seated=True)


def _reach(rng: np.random.Generator) -> PoseSample:
    return _stand(rng, ('reach', 'reach', 'raise', 'hang', 'side'))


def _overhead(rng: np.random.Generator) -> PoseSample:
    return _stand(rng, _EXTREME_ARMS)


def _squat(rng: np.random.Generator) -> PoseSample:
    draft = _Draft(rng)
    depth = rng.uniform(45, 110)
    apart = rng.uniform(8, 28)
    for side in _SIDES:
        hip = (-depth + rng.normal(0, 3), apart, 0.7 * apart)
        draft.leg(side, hip, depth * rng.uniform(1.05, 1.15))
    draft.trunk(rng.uniform(5, 35))
    _arms(draft, ('reach', 'reach', 'side', 'raise'))
    return draft.finish()


def _lunge(rng: np.random.Generator) -> PoseSample:
    draft = _Draft(rng)
    front, rear = _SIDES if rng.random() < 0.5 else _SIDES[::-1]
    hip = rng.uniform(-85, -45)
    draft.leg(front, (hip, 8, 4), -hip * rng.uniform(0.9, 1.1))
    knee = rng.uniform(15, 85)
    draft.leg(rear, (rng.uniform(5, 28), 4, 3), knee, rng.uniform(-20, 10))
    draft.set(f'{rear}_foot', -rng.uniform(5, 20))
    draft.trunk(rng.uniform(-5, 25), 1.5)
    _arms(draft, _EXTREME_ARMS)
    return draft.finish()


def _lie(rng: np.random.Generator) -> PoseSample:
    draft = _Draft(rng)
    draft.trunk(rng.uniform(-5, 15), 0.7)
    for side in _SIDES:
        knee = rng.uniform(0, 75)
        hip = (-knee * rng.uniform(0.4, 0.7), rng.normal(4, 6), 6)
        draft.leg(side, hip, knee, rng.uniform(0, 25))
    _arms(draft, ('side', 'side', 'raise', 'hang'))
    draft.set('pelvis', rng.choice([-90.0, -90.0, 90.0]) + rng.normal(0, 4))
    return draft.finish(balanced=False)


def _wild(rng: np.random.Generator) -> PoseSample:
    draft = _Draft(rng)
    lower, upper = np.rad2deg(joint_limits())
    draft.degrees = lower + (upper - lower) * rng.beta(2.2, 2.2, (24, 3))
    right = [n.startswith('right_') for n in SMPL_24.names]
    draft.degrees[right] *= [1, -1, -1]
    draft.degrees[0] = 0
    for side in _SIDES:
        bend = rng.uniform(0, 95)
        hip = (-bend * rng.uniform(0.2, 1.1), *rng.uniform(-5, 28, 2))
        draft.leg(side, hip, bend)
    _arms(draft, tuple(_GESTURES))
    return draft.finish()


_Family = Callable[[np.random.Generator], PoseSample]
PRESETS: Dict[str, Tuple[Tuple[_Family, float], ...]] = {
    'everyday': ((_stand, 0.4), (_walk, 0.28), (_sit, 0.14), (_reach, 0.18)),
    'extreme': (
        (_wild, 0.32), (_squat, 0.18), (_lunge, 0.18), (_lie, 0.14),
        (_overhead, 0.18),
    ),
}  # fmt: skip


def sample_pose(rng: np.random.Generator, preset: str) -> PoseSample:
    """Draw a pose.

    Args:
        rng: Source of randomness.
        preset: Key of :data:`PRESETS`.

    Returns:
        PoseSample: within :func:`joint_limits`.

    Raises:
        ValueError: If there is no such preset.
    """
    if preset not in PRESETS:
        raise ValueError(
            f'preset must be one of {sorted(PRESETS)}, got {preset!r}'
        )
    families, weights = zip(*PRESETS[preset], strict=True)
    return families[rng.choice(len(families), p=weights)](rng)
