"""Joint sets: names, left-right flips and the maps between them.

Every set is a tuple of names; flips and maps are derived from the names, so
that no index table has to be kept in step with another.  Sources: smplx
``joint_names.py`` (SMPL), SPIN ``constants.py`` (SPIN-49, J24), mmhuman3d's
``h36m.py`` (row order of ``J_regressor_h36m.npy``).
"""

from dataclasses import dataclass
from typing import Dict, Tuple


def flip_name(name: str) -> str:
    """Name of a joint's mirror image: ``left_hip`` for ``right_hip``."""
    if 'left_' in name:
        return name.replace('left_', 'right_')
    return name.replace('right_', 'left_')


@dataclass(frozen=True)
class JointSet:
    """An ordered set of named joints.

    Attributes:
        name: Key in :data:`JOINT_SETS`.
        names: One name per joint.
    """

    name: str
    names: Tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def flip_indices(self) -> Tuple[int, ...]:
        """``flipped[i] = original[flip_indices[i]]`` under a mirror."""
        return tuple(self.names.index(flip_name(n)) for n in self.names)

    def indices_in(self, other: 'JointSet') -> Tuple[int, ...]:
        """Where this set's joints stand in ``other``.

        Raises:
            ValueError: If ``other`` lacks one of the joints.
        """
        missing = [n for n in self.names if n not in other.names]
        if missing:
            raise ValueError(
                f'joint set {other.name!r} has no {missing}, which '
                f'{self.name!r} needs'
            )
        return tuple(other.names.index(n) for n in self.names)


# --- SMPL: 24 kinematic joints, 21 surface points, 9 regressed joints
SMPL_24 = JointSet(
    'smpl_24',
    (
        'pelvis', 'left_hip', 'right_hip', 'spine1', 'left_knee',
        'right_knee', 'spine2', 'left_ankle', 'right_ankle', 'spine3',
        'left_foot', 'right_foot', 'neck', 'left_collar', 'right_collar',
        'head', 'left_shoulder', 'right_shoulder', 'left_elbow',
        'right_elbow', 'left_wrist', 'right_wrist', 'left_hand',
        'right_hand',
    ),
)  # fmt: skip

SMPL_PARENTS = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
    9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21,
)  # fmt: skip

_SURFACE_POINTS = (
    'nose', 'right_eye', 'left_eye', 'right_ear', 'left_ear',
    'left_big_toe', 'left_small_toe', 'left_heel',
    'right_big_toe', 'right_small_toe', 'right_heel',
    'left_thumb', 'left_index', 'left_middle', 'left_ring', 'left_pinky',
    'right_thumb', 'right_index', 'right_middle', 'right_ring',
    'right_pinky',
)  # fmt: skip

# Row order of ``J_regressor_extra.npy``; the suffix says whose definition of
# the joint it is, since LSP's hips are not SMPL's.
_EXTRA_JOINTS = (
    'right_hip_lsp', 'left_hip_lsp', 'neck_lsp', 'head_top_lsp',
    'pelvis_mpii', 'thorax_mpii', 'spine_h36m', 'jaw_h36m', 'head_h36m',
)  # fmt: skip

SMPL_45 = JointSet('smpl_45', SMPL_24.names + _SURFACE_POINTS)
SMPL_54 = JointSet('smpl_54', SMPL_45.names + _EXTRA_JOINTS)

# --- SPIN-49 = OpenPose-25 + 24 ground-truth joints ("J24") ------------------
_OPENPOSE_25 = (
    'nose', 'neck', 'right_shoulder', 'right_elbow', 'right_wrist',
    'left_shoulder', 'left_elbow', 'left_wrist', 'pelvis', 'right_hip',
    'right_knee', 'right_ankle', 'left_hip', 'left_knee', 'left_ankle',
    'right_eye', 'left_eye', 'right_ear', 'left_ear', 'left_big_toe',
    'left_small_toe', 'left_heel', 'right_big_toe', 'right_small_toe',
    'right_heel',
)  # fmt: skip

J24 = JointSet(
    'j24',
    (
        'right_ankle', 'right_knee', 'right_hip_lsp', 'left_hip_lsp',
        'left_knee', 'left_ankle', 'right_wrist', 'right_elbow',
        'right_shoulder', 'left_shoulder', 'left_elbow', 'left_wrist',
        'neck_lsp', 'head_top_lsp', 'pelvis_mpii', 'thorax_mpii',
        'spine_h36m', 'jaw_h36m', 'head_h36m', 'nose', 'left_eye',
        'right_eye', 'left_ear', 'right_ear',
    ),
)  # fmt: skip

# Their middle is the root of 3D key points.
J24_HIPS = tuple(map(J24.names.index, ('right_hip_lsp', 'left_hip_lsp')))

# SPIN-49 names a joint twice where OpenPose and the ground truth share it, so
# the ground-truth half carries a prefix to keep names unique.
SPIN_49 = JointSet(
    'spin_49', _OPENPOSE_25 + tuple(f'gt_{n}' for n in J24.names)
)
SPIN_49_FROM_SMPL_54 = tuple(
    SMPL_54.names.index(n) for n in _OPENPOSE_25 + J24.names
)
J24_FROM_SMPL_54 = J24.indices_in(SMPL_54)
J24_IN_SPIN_49 = tuple(range(25, 49))

# --- Human3.6M regressor (legs left first, unlike Human3.6M itself) ----------
H36M_17 = JointSet(
    'h36m_17',
    (
        'pelvis', 'left_hip', 'left_knee', 'left_ankle', 'right_hip',
        'right_knee', 'right_ankle', 'spine', 'neck', 'jaw', 'head',
        'left_shoulder', 'left_elbow', 'left_wrist', 'right_shoulder',
        'right_elbow', 'right_wrist',
    ),
)  # fmt: skip

LSP_14 = JointSet(
    'lsp_14',
    (
        'right_ankle', 'right_knee', 'right_hip', 'left_hip', 'left_knee',
        'left_ankle', 'right_wrist', 'right_elbow', 'right_shoulder',
        'left_shoulder', 'left_elbow', 'left_wrist', 'neck', 'head',
    ),
)  # fmt: skip
J17 = JointSet('j17', (*LSP_14.names, 'pelvis', 'spine', 'jaw'))
LSP_14_FROM_H36M_17 = LSP_14.indices_in(H36M_17)
J17_FROM_H36M_17 = J17.indices_in(H36M_17)


def _j24_name(name: str) -> str:
    """The J24 joint that stands for a J17 joint: the head is H36M's."""
    suffixes = ('', '_lsp', '_mpii', '_h36m')
    return next(name + s for s in suffixes if name + s in J24.names)


J17_FROM_J24 = tuple(J24.names.index(_j24_name(n)) for n in J17.names)

# --- COCO -------------------------------------------------------------------
COCO_17 = JointSet(
    'coco_17',
    (
        'nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear',
        'left_shoulder', 'right_shoulder', 'left_elbow', 'right_elbow',
        'left_wrist', 'right_wrist', 'left_hip', 'right_hip', 'left_knee',
        'right_knee', 'left_ankle', 'right_ankle',
    ),
)  # fmt: skip
COCO_17_FROM_SMPL_45 = COCO_17.indices_in(SMPL_45)
# From the ground-truth half, which every data set has; its hips are LSP's.
COCO_17_FROM_SPIN_49 = tuple(
    SPIN_49.names.index(f'gt_{n}_lsp' if 'hip' in n else f'gt_{n}')
    for n in COCO_17.names
)

JOINT_SETS: Dict[str, JointSet] = {
    joint_set.name: joint_set
    for joint_set in (
        SMPL_24, SMPL_45, SMPL_54, SPIN_49, J24, H36M_17, J17, LSP_14,
        COCO_17,
    )
}  # fmt: skip
