"""Step 2d of the open body: pose-dependent displacements.

Linear blend skinning loses volume at bent joints, dual quaternion skinning
(Kavan et al. 2007) gains some.  ``posedirs`` are learned so that skinning
comes near a mixture of the two, in the basis that SMPL files have: linear in
the 207 entries of R - I.  The target is a choice, not measured on scans.
"""

import numpy as np
from draft_body import pose_bodies, random_poses
from scipy.spatial.transform import Rotation

from mmbopr.structures import SMPL_24, SMPL_PARENTS

DUAL_QUATERNION_SHARE = 0.6
NUM_POSES = 1000
RIDGE = 0.5
SMALLEST = 5e-4
MIN_WEIGHT = 0.01
MIRROR = np.array([-1.0, 1.0, 1.0])


def _multiply(p, q):
    """Product of quaternions (..., 4) as (w, x, y, z)."""
    scalar = p[..., :1] * q[..., :1] - (p[..., 1:] * q[..., 1:]).sum(
        -1, keepdims=True
    )
    vector = (
        p[..., :1] * q[..., 1:]
        + q[..., :1] * p[..., 1:]
        + np.cross(p[..., 1:], q[..., 1:])
    )
    return np.concatenate([scalar, vector], -1)


def dual_quaternion_skin(rotations, shifts, weights, vertices):
    """Skin one body: rotations (24, 3, 3), shifts (24, 3) -> (V, 3)."""
    real = Rotation.from_matrix(rotations).as_quat()[:, [3, 0, 1, 2]]
    for joint, parent in enumerate(SMPL_PARENTS[1:], 1):
        if real[joint] @ real[parent] < 0:
            real[joint] *= -1
    zero = np.zeros((len(shifts), 1))
    dual = 0.5 * _multiply(np.concatenate([zero, shifts], 1), real)
    real, dual = weights @ real, weights @ dual
    norm = np.linalg.norm(real, axis=1, keepdims=True)
    (w, u), (dw, du) = (
        (q[:, :1], q[:, 1:]) for q in (real / norm, dual / norm)
    )
    rotated = vertices + 2 * np.cross(u, np.cross(u, vertices) + w * vertices)
    return rotated + 2 * (w * du - dw * u + np.cross(u, du))


def _target_offsets(posed, i, weights, vertices):
    """(V, 3) rest-pose displacements that give the mixture, for body i."""
    rotations, shifts = posed.rotations[i], posed.shifts[i]
    blended = np.einsum('vj,jkl->vkl', weights, rotations)
    linear = (blended @ vertices[..., None])[..., 0] + weights @ shifts
    dual = dual_quaternion_skin(rotations, shifts, weights, vertices)
    wanted = DUAL_QUATERNION_SHARE * (dual - linear)
    return np.linalg.solve(blended, wanted[..., None])[..., 0]


def _groups(weights):
    """Vertices by the set of joints (without the root) that move them."""
    groups = {}
    for vertex, row in enumerate(weights > MIN_WEIGHT):
        joints = tuple(j for j in np.flatnonzero(row) if j > 0)
        groups.setdefault(joints, []).append(vertex)
    return {k: np.array(v) for k, v in groups.items() if k}


def learn_posedirs(v_template, J_regressor, weights, mirror):
    """Ridge regression of the displacements on the joints near by.

    Returns:
        (V, 3, 207) in metres, exactly left-right symmetric, with entries
        under 0.5 mm set to zero.
    """
    rng, count = np.random.default_rng(1), NUM_POSES
    poses = random_poses(rng, count)
    none = np.zeros((count, 1))
    no_shape = np.zeros((len(v_template), 3, 1))
    offsets = np.empty((count, len(v_template), 3), np.float32)
    features = np.empty((count, 207))
    for start in range(0, count, 50):
        part = slice(start, start + 50)
        posed = pose_bodies(
            v_template, no_shape, J_regressor, none[part], poses[part]
        )
        features[part] = (posed.rotmats[:, 1:] - np.eye(3)).reshape(-1, 207)
        for i in range(len(poses[part])):
            offsets[start + i] = _target_offsets(posed, i, weights, v_template)
    posedirs = np.zeros((len(v_template), 3, 207))
    for joints, vertices in _groups(weights).items():
        columns = np.concatenate([9 * (j - 1) + np.arange(9) for j in joints])
        A = features[:, columns]
        y = offsets[:, vertices].reshape(count, -1)
        w = np.linalg.solve(
            A.T @ A + RIDGE * np.eye(len(columns)), A.T @ y
        ).reshape(len(columns), len(vertices), 3)
        posedirs[vertices[:, None], :, columns] = w.transpose(1, 0, 2)
    posedirs = symmetrise_posedirs(posedirs, mirror)
    return np.where(abs(posedirs) < SMALLEST, 0, posedirs)


def symmetrise_posedirs(posedirs, mirror):
    """Mean with the mirror image: a mirrored pose displaces mirrored."""
    flip = np.array(SMPL_24.flip_indices)[1:] - 1
    entries = posedirs.reshape(-1, 3, 23, 3, 3)
    signs = MIRROR[:, None, None] * MIRROR[:, None] * MIRROR  # c, a, b
    mirrored = entries[mirror][:, :, flip] * signs[:, None]
    return (0.5 * (entries + mirrored)).reshape(posedirs.shape)
