"""Plays a glb as the glTF 2.0 specification says, through pygltflib."""

import numpy as np
from pygltflib import GLTF2
from scipy.spatial.transform import Rotation

_DTYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_WIDTHS = dict(SCALAR=1, VEC3=3, VEC4=4, MAT4=16)


class GltfReader:
    def __init__(self, path):
        self.gltf = GLTF2().load(str(path))
        self.blob = self.gltf.binary_blob()

    def array(self, index):
        accessor = self.gltf.accessors[index]
        view = self.gltf.bufferViews[accessor.bufferView]
        width = _WIDTHS[accessor.type]
        dtype = _DTYPES[accessor.componentType]
        rows = np.frombuffer(
            self.blob, dtype, accessor.count * width, view.byteOffset
        ).reshape(-1, width)
        np.testing.assert_array_equal(accessor.min, rows.min(0))
        np.testing.assert_array_equal(accessor.max, rows.max(0))
        if accessor.type == 'MAT4':
            return rows.reshape(-1, 4, 4).swapaxes(1, 2)
        return rows[:, 0] if width == 1 else rows

    def play(self):
        """Key times (T,), joints (T, 24, 3) and vertices (T, V, 3)."""
        moves, times = self.moves()
        matrices = self._global_matrices(moves, len(times))
        skin = self.gltf.skins[0]
        joints = np.stack([matrices[node] for node in skin.joints], 1)
        return times, joints[..., :3, 3], self._skinned(joints, moves)

    def moves(self):
        animation = self.gltf.animations[0]
        moves = {}
        for channel in animation.channels:
            sampler = animation.samplers[channel.sampler]
            assert sampler.interpolation in (None, 'LINEAR')
            times = self.array(sampler.input)
            target = channel.target
            moves[target.node, target.path] = self.array(sampler.output)
        return moves, times

    def _global_matrices(self, moves, count):
        """(T, 4, 4) of each node, parents first from the scene's roots."""
        matrices = {}
        roots = self.gltf.scenes[self.gltf.scene].nodes
        queue = [(node, np.eye(4)) for node in roots]
        while queue:
            index, parent = queue.pop()
            node = self.gltf.nodes[index]
            local = np.tile(np.eye(4), (count, 1, 1))
            translation = node.translation or [0, 0, 0]
            local[:, :3, 3] = moves.get((index, 'translation'), translation)
            if (index, 'rotation') in moves:
                turns = Rotation.from_quat(moves[index, 'rotation'])
                local[:, :3, :3] = turns.as_matrix()
            matrices[index] = parent @ local
            queue += [(child, matrices[index]) for child in node.children]
        return matrices

    def _skinned(self, joints, moves):
        (body,) = (
            i
            for i, node in enumerate(self.gltf.nodes)
            if node.mesh is not None
        )
        skin = self.gltf.skins[self.gltf.nodes[body].skin]
        primitive = self.gltf.meshes[0].primitives[0]
        attributes = primitive.attributes
        vertices = self.array(attributes.POSITION)[None].astype(float)
        if primitive.targets:
            targets = [self.array(t['POSITION']) for t in primitive.targets]
            weights = moves[body, 'weights'].reshape(-1, len(targets))
            vertices = vertices + np.einsum('tk,kvc->tvc', weights, targets)
        weights = self.array(attributes.WEIGHTS_0)
        np.testing.assert_allclose(weights.sum(1), 1, atol=1e-6)
        indices = self.array(attributes.JOINTS_0)
        posed = joints @ self.array(skin.inverseBindMatrices)
        count = max(len(posed), len(vertices))
        vertices = np.broadcast_to(vertices, (count, *vertices.shape[1:]))
        moved = np.zeros_like(vertices)
        for influence in range(4):
            matrix = posed[:, indices[:, influence]]
            turned = np.einsum('tvij,tvj->tvi', matrix[..., :3, :3], vertices)
            moved = moved + weights[:, influence, None] * (
                turned + matrix[..., :3, 3]
            )
        return moved
