"""Step 1 of the open body: sample adults with ``anny``, put them in T-pose.

Needs ``anny==0.6.2`` (Apache-2.0, data CC0) and nothing of mmbopr; run it in
an environment of its own::

    ANNY_CACHE_DIR=cache python tools/body_models/sample_tpose.py samples.npz

Only topologies and data of anny that are CC0 or Apache-2.0 are used; its
``smpl`` and ``smplx`` topologies are not (non-commercial).
"""

import argparse
from importlib.metadata import version
from pathlib import Path

import anny
import numpy as np
import torch
from anny.shape_distribution import SimpleShapeDistribution

TOPOLOGY = 'anny-noeyes-notongue'
AGES = (18.0, 75.0)
BATCH = 50  # bodies at a time
# anny: z up, facing -y.  SMPL: y up, facing +z, x to the subject's left.
TO_SMPL_AXES = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
SIDES = (('L', 1.0), ('R', -1.0))


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _apply(rotations, vectors):
    return (rotations @ vectors[..., None])[..., 0]


def _cross_matrix(vectors):
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    rows = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1)
    return rows.reshape(*x.shape, 3, 3)


def _shortest_rotation(source, target):
    """Rotations that take the directions ``source`` to ``target``."""
    source = _unit(source)
    target = _unit(np.broadcast_to(target, source.shape))
    K = _cross_matrix(np.cross(source, target))
    cosine = (source * target).sum(-1)[..., None, None]
    return np.eye(3) + K + K @ K / (1 + cosine)


def _rotation_about(axis, angles):
    K = _cross_matrix(np.broadcast_to(axis, (*angles.shape, 3)))
    sine, cosine = np.sin(angles), np.cos(angles)
    return (
        np.eye(3)
        + sine[..., None, None] * K
        + (1 - cosine[..., None, None]) * K @ K
    )


def _frame(x, y):
    x = _unit(x)
    z = _unit(np.cross(x, y))
    return np.stack([x, np.cross(z, x), z], -1)


def _twist_about(rotations, axis):
    """Angle of the part of each rotation that turns about ``axis``."""
    R = rotations
    vector = np.stack(
        [
            R[..., 2, 1] - R[..., 1, 2],
            R[..., 0, 2] - R[..., 2, 0],
            R[..., 1, 0] - R[..., 0, 1],
        ],
        -1,
    )
    trace = np.trace(R, axis1=-2, axis2=-1)
    return 2 * np.arctan2(vector @ axis, 1 + trace)


class TPose:
    """Global rotations that take anny's rest pose to SMPL's T-pose.

    Args:
        bones: (B,) bone names.
        heads: (N, B, 3) bone heads at rest, metres, SMPL axes.
    """

    def __init__(self, bones, heads):
        self.bones = bones
        self.heads = heads
        self.index = {name: i for i, name in enumerate(bones)}
        self.rotations = np.tile(np.eye(3), (*heads.shape[:2], 1, 1))

    def head(self, name):
        """(N, 3) head of a bone."""
        return self.heads[:, self.index[name]]

    def _set(self, rotations, *names):
        for name in names:
            self.rotations[:, self.index[name]] = rotations

    def _bones(self, side, *prefixes):
        return [
            b for b in self.bones
            if b.endswith(f'.{side}') and b.startswith(prefixes)
        ]  # fmt: skip

    def solve(self):
        """(N, B, 3, 3) global rotation of each bone."""
        for side, sign in SIDES:
            self._arm(side, sign)
            self._leg(side, sign)
        return self.rotations

    def _arm(self, side, sign):
        """Arms along x, palms down, forearm twist spread over its bones."""
        out = np.array([sign, 0.0, 0.0])
        elbow = self.head(f'lowerarm01.{side}')
        wrist = self.head(f'wrist.{side}')
        upper = _shortest_rotation(
            elbow - self.head(f'upperarm01.{side}'), out
        )
        fore = _shortest_rotation(_apply(upper, wrist - elbow), out) @ upper
        middle = self.head(f'finger3-1.{side}') - wrist
        across = self.head(f'finger2-1.{side}') - self.head(
            f'finger5-1.{side}'
        )
        # Middle finger along the arm, index finger to the front.
        wanted = _frame(out, np.array([0.0, 0.0, 1.0]))
        hand = wanted @ _frame(middle, across).swapaxes(-1, -2)
        twist = _twist_about(hand @ fore.swapaxes(-1, -2), out)
        self._set(upper, f'upperarm01.{side}', f'upperarm02.{side}')
        for name, share in (('lowerarm01', 0.25), ('lowerarm02', 0.7)):
            self._set(
                _rotation_about(out, share * twist) @ fore, f'{name}.{side}'
            )
        self._set(hand, *self._bones(side, 'wrist', 'finger', 'metacarpal'))
        for finger in '2345':
            self._straighten(finger, side, hand)

    def _straighten(self, finger, side, hand):
        """Take most of the rest pose's bend out of a finger."""
        joints = [f'finger{finger}-{k}.{side}' for k in (1, 2, 3)]
        ends = [joints[1], joints[2], joints[2]]
        starts = [joints[0], joints[1], joints[1]]
        for name, start, end in zip(joints, starts, ends, strict=True):
            bent = _unit(_apply(hand, self.head(end) - self.head(start)))
            flat = bent * [1.0, 0.25, 1.0]
            self._set(_shortest_rotation(bent, flat) @ hand, name)

    def _leg(self, side, sign):
        """Legs 2 degrees apart, feet flat and turned out by 8 degrees."""
        knee = self.head(f'lowerleg01.{side}')
        ankle = self.head(f'foot.{side}')
        upper = _shortest_rotation(
            knee - self.head(f'upperleg01.{side}'),
            np.array([0.035 * sign, -1, 0]),
        )
        lower = _shortest_rotation(
            _apply(upper, ankle - knee), np.array([0.035 * sign, -1, -0.03])
        )
        toes = self.head(f'toe3-1.{side}') - ankle
        yaw = np.radians(8) * sign - np.arctan2(toes[:, 0], toes[:, 2])
        foot = _rotation_about(np.array([0.0, 1.0, 0.0]), yaw)
        self._set(upper, f'upperleg01.{side}', f'upperleg02.{side}')
        self._set(lower @ upper, f'lowerleg01.{side}', f'lowerleg02.{side}')
        self._set(foot, *self._bones(side, 'foot', 'toe'))


def pose(vertices, heads, skin, parents, rotations):
    """Skin with the full rig: (N, V, 3) vertices and (N, B, 3) heads."""
    posed = heads.copy()
    for bone, parent in enumerate(parents):
        if parent >= 0:
            offset = heads[:, bone] - heads[:, parent]
            posed[:, bone] = posed[:, parent] + _apply(
                rotations[:, parent], offset
            )
    shift = posed - _apply(rotations, heads)
    motions = np.concatenate([rotations, shift[..., None]], -1)
    blended = np.einsum('vj,njkl->nvkl', skin, motions, optimize=True)
    return _apply(blended[..., :3], vertices) + blended[..., 3], posed


def sample_phenotypes(model, count):
    """Adults by WHO statistics; sex binary, ancestry uniform."""
    ages = torch.tensor(AGES, dtype=model.dtype)
    distribution = SimpleShapeDistribution(
        model,
        morphological_age_distribution=torch.distributions.Uniform(*ages),
    )
    _, phenotypes = distribution.sample(count)
    phenotypes = dict(phenotypes)
    uniform = [torch.rand(count, dtype=model.dtype) for _ in range(5)]
    phenotypes['gender'] = 0.9 * (uniform[0] < 0.5) + 0.05 * uniform[1]
    for name, value in zip(
        ('african', 'asian', 'caucasian'), uniform[2:], strict=True
    ):
        phenotypes[name] = value
    four = torch.tensor(4.0, dtype=model.dtype)
    for name in ('cupsize', 'firmness'):
        phenotypes[name] = torch.distributions.Beta(four, four).sample(
            (count,)
        )
    return phenotypes


def dense_skin(model):
    """(V, B) skinning weights, rows sum to 1."""
    bones = model.vertex_bone_indices.numpy()
    skin = np.zeros((len(bones), len(model.bone_labels)))
    rows = np.arange(len(bones))[:, None]
    np.add.at(skin, (rows, bones), model.vertex_bone_weights.numpy())
    return skin / skin.sum(1, keepdims=True)


def sample_bodies(model, count):
    """(count, V, 3) vertices and (count, B, 3) bone heads in T-pose."""
    phenotypes = sample_phenotypes(model, count)
    skin = dense_skin(model)
    all_vertices, all_heads = [], []
    for start in range(0, count, BATCH):
        part = {k: v[start : start + BATCH] for k, v in phenotypes.items()}
        with torch.no_grad():
            rest = model.get_rest_model(
                model.get_phenotype_blendshape_coefficients(**part)
            )
        vertices = rest['rest_vertices'].numpy() @ TO_SMPL_AXES.T
        heads = rest['rest_bone_heads'].numpy() @ TO_SMPL_AXES.T
        rotations = TPose(model.bone_labels, heads).solve()
        vertices, heads = pose(
            vertices, heads, skin, model.bone_parents, rotations
        )
        all_vertices.append(vertices.astype(np.float32))
        all_heads.append(heads.astype(np.float32))
    return np.concatenate(all_vertices), np.concatenate(all_heads), skin


def load_annotations(base):
    """Mouth cavity and COCO points, as anny defines them.

    Args:
        base: (V,) index of each vertex in anny's full mesh.

    Returns:
        tuple: (V,) bool, whether a vertex is inside the head; point names;
        (K, V) weights of the points.
    """
    data = Path(anny.__file__).parent / 'data'
    cavity = torch.load(
        data / 'template_mesh_internal_cavities.pth', weights_only=True
    )['vertex_indices']
    points = torch.load(data / 'keypoints' / 'coco.pth', weights_only=True)
    # The eyes' points lie on eyeballs, which this topology lacks.
    points = {k: v.numpy()[base] for k, v in points.items()
              if k not in ('left_eye', 'right_eye')}  # fmt: skip
    internal = np.isin(base, np.asarray(cavity))
    return internal, list(points), np.stack(list(points.values()))


def main():
    """Sample and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('output', help='.npz to write')
    parser.add_argument('--count', type=int, default=1500)
    parser.add_argument('--seed', type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    model = anny.Anny(rig='anny', topology=TOPOLOGY, phenotypes='all')
    vertices, heads, skin = sample_bodies(model, args.count)
    base = model.base_mesh_vertex_indices.numpy()
    internal, names, weights = load_annotations(base)
    np.savez(
        args.output,
        vertices=vertices,
        heads=heads,
        skin=skin.astype(np.float32),
        faces=model.faces.numpy(),
        bones=np.array(model.bone_labels),
        internal=internal,
        point_names=np.array(names),
        point_weights=weights.astype(np.float32),
        anny_version=version('anny'),
        seed=args.seed,
    )
    heights = np.ptp(vertices[..., 1], axis=1)
    print(f'{vertices.shape} -> {args.output}')
    print('height min/median/max', np.percentile(heights, [0, 50, 100]))


if __name__ == '__main__':
    main()
