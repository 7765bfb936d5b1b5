"""Step 2a of the open body: from anny's 104 bones to SMPL's 24 joints."""

from dataclasses import dataclass
from fnmatch import fnmatch

import numpy as np
from scipy.spatial import cKDTree

from mmbopr.structures import SMPL_24

JOINTS = SMPL_24.names
FLIP = np.array(SMPL_24.flip_indices)
MIRROR = np.array([-1.0, 1.0, 1.0])
SIDES = (('left', 'L'), ('right', 'R'))

# Bones whose skin follows a joint; '?' is the side, '*' any ending.
_SKIN_OF = {
    'pelvis': ('root', 'spine05', 'pelvis.L', 'pelvis.R'),
    'spine1': ('spine04', 'spine03'),
    'spine2': ('spine02',),
    'spine3': ('spine01', 'breast.L', 'breast.R'),
    'neck': ('neck01', 'neck02'),
    'head': ('neck03', 'head', 'eye.L', 'eye.R', 'jaw'),
    '?_hip': ('upperleg01', 'upperleg02'),
    '?_knee': ('lowerleg01', 'lowerleg02'),
    '?_ankle': ('foot',),
    '?_foot': ('toe*',),
    '?_collar': ('clavicle', 'shoulder01'),
    '?_shoulder': ('upperarm01', 'upperarm02'),
    '?_elbow': ('lowerarm01', 'lowerarm02'),
    # finger1-1 is the thumb's metacarpal: part of the palm.
    '?_wrist': ('wrist', 'metacarpal*', 'finger1-1'),
    '?_hand': ('finger*',),
}

# Bones whose heads' mean is a joint.
_HEADS_OF = {
    'pelvis': ('spine04',),
    'spine1': ('spine03',),
    'spine2': ('spine02',),
    'spine3': ('spine01',),
    'neck': ('neck01',),
    'head': ('neck03', 'head'),
    '?_hip': ('upperleg01',),
    '?_knee': ('lowerleg01',),
    '?_ankle': ('foot',),
    '?_foot': ('toe1-1', 'toe2-1', 'toe3-1', 'toe4-1'),
    '?_collar': ('clavicle',),
    '?_shoulder': ('upperarm01',),
    '?_elbow': ('lowerarm01',),
    '?_wrist': ('wrist',),
    '?_hand': ('finger2-1', 'finger3-1', 'finger4-1', 'finger5-1'),
}


@dataclass
class Bodies:
    """Sampled bodies in T-pose, exactly left-right symmetric, pelvis at 0.

    Note: N: bodies, V: vertices, B: anny's bones.

    Attributes:
        vertices: (N, V, 3) metres.
        joints: (N, 24, 3) where the rig has SMPL's joints.
        heads: Head (N, 3) of each of anny's bones by name.
        points: Surface points (N, 3) by name.
        weights: (V, 24) skinning weights.
        finger_tips: Vertices of the last bone, by e.g. 'left_thumb'.
        faces: (F, 3).
        mirror: (V,) mirror image of each vertex.
        internal: (V,) bool, inside the mouth.
    """

    vertices: np.ndarray
    joints: np.ndarray
    heads: dict
    points: dict
    weights: np.ndarray
    finger_tips: dict
    faces: np.ndarray
    mirror: np.ndarray
    internal: np.ndarray


def _expand(table, bones):
    """Write a table out for both sides: joint -> list of bone indices.

    A bone goes to the first pattern that it fits.
    """
    expanded, taken = {}, set()
    for pattern, names in table.items():
        sides = SIDES if pattern.startswith('?') else (('', ''),)
        for side, letter in sides:
            full = [f'{name}.{letter}' if side else name for name in names]
            found = [
                i for i, bone in enumerate(bones)
                if i not in taken and any(fnmatch(bone, n) for n in full)
            ]  # fmt: skip
            taken.update(found)
            expanded[pattern.replace('?', side)] = found
    return expanded


def find_mirror(mean_shape, faces):
    """(V,) index of each vertex's mirror image.

    Raises:
        ValueError: If the mesh is not symmetric in shape and connectivity.
    """
    distance, mirror = cKDTree(mean_shape).query(mean_shape * MIRROR)
    involution = (mirror[mirror] == np.arange(len(mirror))).all()
    face_set = {tuple(sorted(face)) for face in faces.tolist()}
    mirrored = {tuple(sorted(face)) for face in mirror[faces].tolist()}
    if not involution or face_set != mirrored or distance.max() > 1e-3:
        raise ValueError(
            'the mesh is not left-right symmetric: largest distance to a '
            f'mirror image {1e3 * distance.max():.2f} mm, involution '
            f'{involution}, connectivity {face_set == mirrored}'
        )
    return mirror


def load_bodies(path):
    """Read the samples and make bodies of 24 joints of them."""
    samples = np.load(path)
    bones = [str(name) for name in samples['bones']]
    heads = samples['heads'].astype(np.float64)
    skin = samples['skin'].astype(np.float64)
    head_table = _expand(_HEADS_OF, bones)
    joints = np.stack([heads[:, head_table[j]].mean(1) for j in JOINTS], 1)
    root = joints[:, :1]
    vertices = samples['vertices'] - root.astype(np.float32)
    joints, heads = joints - root, heads - root
    mirror = find_mirror(vertices.mean(0, np.float64), samples['faces'])
    vertices = 0.5 * (vertices + vertices[:, mirror] * np.float32(MIRROR))
    joints = 0.5 * (joints + joints[:, FLIP] * MIRROR)
    skin_table = _expand(_SKIN_OF, bones)
    weights = np.stack([skin[:, skin_table[j]].sum(1) for j in JOINTS], 1)
    weights = 0.5 * (weights + weights[mirror][:, FLIP])
    points = np.einsum('kv,nvc->nkc', samples['point_weights'], vertices)
    names = [str(name) for name in samples['point_names']]
    internal = samples['internal'] | samples['internal'][mirror]
    return Bodies(
        vertices=vertices,
        joints=joints,
        heads={bone: heads[:, i] for i, bone in enumerate(bones)},
        points=dict(zip(names, points.swapaxes(0, 1), strict=True)),
        weights=weights,
        finger_tips=_finger_tips(skin, bones),
        faces=samples['faces'],
        mirror=mirror,
        internal=internal,
    )


def _finger_tips(skin, bones):
    tips = {}
    for side, letter in SIDES:
        for k, finger in enumerate(
            ('thumb', 'index', 'middle', 'ring', 'pinky'), 1
        ):
            bone = bones.index(f'finger{k}-3.{letter}')
            tips[f'{side}_{finger}'] = np.flatnonzero(skin[:, bone] > 0.5)
    return tips
