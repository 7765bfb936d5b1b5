"""Step 2e of the open body: joints as weighted means of vertices."""

import numpy as np
from anny_rig import JOINTS
from scipy.optimize import nnls

from mmbopr.structures import H36M_17, SMPL_45, SMPL_54, SMPL_PARENTS
from mmbopr.structures.joints import flip_name

NUM_CANDIDATES = 260
SUM_WEIGHT = 30.0
SMALLEST = 2e-3
TORSO = ('pelvis', 'spine1', 'spine2', 'spine3')
# Metres around a joint in which the vertices are looked for.
_RADIUS = {
    'pelvis': 0.22, 'spine1': 0.22, 'spine2': 0.24, 'spine3': 0.26,
    'spine': 0.24, 'thorax_mpii': 0.2, 'neck': 0.12, 'jaw': 0.14,
    'hip': 0.16, 'knee': 0.13, 'collar': 0.16, 'shoulder': 0.12,
    'elbow': 0.1, 'head': 0.12, 'head_top_lsp': 0.05,
}  # fmt: skip

# Points between joints: name -> share of each.
_BETWEEN = {
    'spine': {'spine1': 0.25, 'spine2': 0.75},
    'thorax_mpii': {
        'left_shoulder': 0.25, 'right_shoulder': 0.25, 'neck': 0.5,
    },
}  # fmt: skip
# Points fixed to the head.
_ON_HEAD = ('jaw', 'head', 'head_top_lsp')


def fit_convex(points, targets):
    """Non-negative weights that sum to 1, by least squares.

    Args:
        points: (N, C, 3) candidate vertices, metres.
        targets: (N, 3).

    Returns:
        (C,) weights.
    """
    C = points.shape[1]
    rows = (points - targets[:, None]).transpose(0, 2, 1).reshape(-1, C)
    rows = rows * 1e3 / np.sqrt(len(rows))
    sum_row = np.full((1, C), SUM_WEIGHT)
    A = np.vstack([rows, sum_row, 0.05 * np.eye(C)])
    b = np.zeros(len(A))
    b[len(rows)] = SUM_WEIGHT
    weights, _ = nnls(A, b, maxiter=50 * C)
    weights[weights < SMALLEST] = 0
    return weights / weights.sum()


def spread(points, count):
    """Indices of ``count`` points far from each other."""
    from_mean = np.linalg.norm(points - points.mean(0), axis=1)
    chosen = [int(from_mean.argmin())]
    distance = np.full(len(points), np.inf)
    while len(chosen) < min(count, len(points)):
        step = np.linalg.norm(points - points[chosen[-1]], axis=1)
        distance = np.minimum(distance, step)
        chosen.append(int(distance.argmax()))
    return np.array(chosen)


class Fitter:
    """Fits one row at a time, mirrored rows exactly mirrored.

    Args:
        template: (V, 3) mean shape, pelvis at 0.
        parts: (V,) part of each vertex.
        mirror: (V,) mirror image of each vertex.
        internal: (V,) bool, vertices not to use.
    """

    def __init__(self, template, parts, mirror, internal):
        self.template = template
        self.parts = parts
        self.mirror = mirror
        self.internal = internal

    def _candidates(self, name, centre):
        base = name.replace('left_', '')
        distance = np.linalg.norm(self.template - centre, axis=1)
        usable = ~self.internal & np.isin(self.parts, self._near(name))
        radius = max(_RADIUS.get(base, 0.09), np.sort(distance[usable])[60])
        found = np.flatnonzero(usable & (distance <= radius))
        found = found[spread(self.template[found], NUM_CANDIDATES)]
        if not name.startswith('left_'):
            found = np.union1d(found, self.mirror[found])
        return found

    def _near(self, name):
        """Parts whose vertices may carry a joint: kinematic neighbours."""
        if name in _BETWEEN or name in TORSO:
            near = {*TORSO, 'left_collar', 'right_collar', 'neck'}
            near |= {'left_hip', 'right_hip'} if name == 'pelvis' else set()
        elif name in ('jaw', 'head_top_lsp'):
            near = {'head'}
        else:
            joint = JOINTS.index(name)
            near = {name, JOINTS[SMPL_PARENTS[joint]]}
            near |= {
                JOINTS[j] for j, p in enumerate(SMPL_PARENTS) if p == joint
            }
        return [JOINTS.index(n) for n in near]

    def fit(self, names, vertices, targets, centres):
        """Fit one row per joint.

        Args:
            names: J joint names, closed under left-right mirroring.
            vertices: (N, V, 3).
            targets: Name -> (N, 3) where the joint is.
            centres: Name -> (3,) where it is on the template.

        Returns:
            dict: Name -> (V,) row, which sums to 1.
        """
        rows = {}
        for name in names:
            if name.startswith('right_'):
                continue
            row = np.zeros(len(self.template))
            chosen = self._candidates(name, centres[name])
            row[chosen] = fit_convex(vertices[:, chosen], targets[name])
            if name.startswith('left_'):
                rows[flip_name(name)] = row[self.mirror]
            else:
                row = 0.5 * (row + row[self.mirror])
            rows[name] = row
        return rows


def fit_joint_regressor(fitter, vertices, joints):
    """J_regressor (24, V), from bodies (N, V, 3) in rest pose."""
    targets = {name: joints[:, j] for j, name in enumerate(JOINTS)}
    centres = {name: target.mean(0) for name, target in targets.items()}
    rows = fitter.fit(JOINTS, vertices, targets, centres)
    return np.stack([rows[name] for name in JOINTS])


def fit_head_rows(fitter, bodies, kept):
    """Rest-pose rows of the points on the head: name -> (V,)."""
    top = bodies.vertices.mean(0)[:, 1].argmax()
    head_top = bodies.vertices[:, [top, bodies.mirror[top]]].mean(1)
    ears = 0.5 * (bodies.points['left_ear'] + bodies.points['right_ear'])
    targets = {
        'head_top_lsp': head_top,
        'head': head_top - [0, 0.01, 0],
        'jaw': 0.5 * (bodies.points['nose'] + ears) - [0, 0.02, 0],
    }
    centres = {name: target.mean(0) for name, target in targets.items()}
    vertices = bodies.vertices[:, kept]
    return fitter.fit(_ON_HEAD, vertices, targets, centres)


def posed_targets(posed, head_rows):
    """Where the regressed joints are on posed bodies: name -> (N, 3)."""
    targets = {name: posed.joints[:, j] for j, name in enumerate(JOINTS)}
    for name, shares in _BETWEEN.items():
        targets[name] = sum(w * targets[n] for n, w in shares.items())
    for name, row in head_rows.items():
        at_rest = np.einsum('v,nvc->nc', row, posed.shaped)
        targets[name] = posed.attached(at_rest, JOINTS.index('head'))
    return targets


def fit_posed_rows(fitter, vertices, targets, rest_targets):
    """Rows for posed meshes, fitted on posed meshes.

    Args:
        fitter: The :class:`Fitter`.
        vertices: (N, V, 3) posed.
        targets: What :func:`posed_targets` says of them.
        rest_targets: The same of the template in rest pose (one body).

    Returns:
        dict: Name -> (V,), for all rows of both regressor files.
    """
    names = (*H36M_17.names, 'head_top_lsp', 'thorax_mpii')
    centres = {name: rest_targets[name][0] for name in names}
    return fitter.fit(names, vertices, targets, centres)


def h36m_matrix(rows):
    """(17, V) in the row order of J_regressor_h36m.npy."""
    return np.stack([rows[name] for name in H36M_17.names])


def extra_matrix(rows):
    """(9, V) in the row order of J_regressor_extra.npy."""
    names = SMPL_54.names[len(SMPL_45) :]
    same_as = {n: n.rsplit('_', 1)[0] for n in names}
    return np.stack([rows.get(n, rows.get(same_as[n])) for n in names])
