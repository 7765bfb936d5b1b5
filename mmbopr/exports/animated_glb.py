"""Binary glTF of a motion: a skinned mesh on SMPL's skeleton.

glTF skins as SMPL does, but knows no displacements that depend on the pose.
It has morph targets, though, which act before the skinning as SMPL's pose
correctives do: the clip's correctives are written as the few targets that
explain most of them.
"""

from pathlib import Path
from typing import Dict, List

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL
from mmbopr.structures import SMPL_24, MeshTrack
from mmbopr.utils.meshes import vertex_normals
from mmbopr.visualization.colors import person_colors

from .axes import Axes
from .correctives import Correctives, find_correctives
from .gltf import ARRAY_BUFFER, GltfFile
from .motion import Motion, children_of, motion_of, track_facts

# What every reader of skinned glTF understands.
_NUM_INFLUENCES = 4


def write_animated_glb(
    path: Path,
    track: MeshTrack,
    body_model: SMPL,
    axes: Axes,
    num_correctives: int = 12,
) -> None:
    """Write the shaped body, its skeleton and the motion.

    Key frames stand at the video's frames, the first one at 0 s; readers
    interpolate gaps. A vertex follows the four joints that hold it most.
    ``asset.extras.corrective_residual`` says, in metres, what the morph
    targets leave out of SMPL's correctives.

    Args:
        path: The file.
        track: With one frame or more, of one shape.
        body_model: The body that it belongs to.
        axes: Of the file, as ``asset.extras`` says. Readers take glTF's y
            up for granted.
        num_correctives: Most morph targets; 0 is skinning alone.
    """
    motion = motion_of(track, body_model, axes)
    correctives = find_correctives(motion, body_model, axes, num_correctives)
    gltf = GltfFile(
        track_facts(track, axes)
        | dict(corrective_residual=correctives.residual)
    )
    joints = _add_skeleton(gltf, motion.offsets)
    skin = gltf.add(
        'skins',
        joints=joints,
        skeleton=joints[0],
        inverseBindMatrices=gltf.add_array(_moves(-motion.rest_joints)),
    )
    mesh = _add_mesh(gltf, motion.rest_vertices, body_model, correctives)
    body = gltf.add('nodes', name='body', mesh=mesh, skin=skin)
    gltf.add('scenes', nodes=[joints[0], body])
    _add_animation(gltf, motion, joints, body, correctives.weights)
    gltf.write(path)


def _moves(offsets: np.ndarray) -> np.ndarray:
    """(n, 4, 4) matrices that move by ``offsets`` (n, 3)."""
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(offsets), 1, 1))
    matrices[:, :3, 3] = offsets
    return matrices


def _add_skeleton(gltf: GltfFile, offsets: np.ndarray) -> List[int]:
    """The first nodes of the file: the joints in SMPL's order, at rest."""
    nodes = []
    for joint, offset in enumerate(offsets):
        node = dict(name=SMPL_24.names[joint], translation=offset.tolist())
        if children_of(joint):
            node['children'] = children_of(joint)
        nodes.append(gltf.add('nodes', **node))
    return nodes


def _add_mesh(
    gltf: GltfFile,
    rest_vertices: np.ndarray,
    body_model: SMPL,
    correctives: Correctives,
) -> int:
    vertices = np.float32(rest_vertices + correctives.base)
    faces = body_model.faces.cpu()
    normals = vertex_normals(torch.from_numpy(vertices), faces).numpy()
    weights = body_model.weights_t.T.cpu().numpy()
    arrays = dict(
        POSITION=vertices, NORMAL=normals, **strongest_influences(weights)
    )
    primitive = dict(
        attributes={
            name: gltf.add_array(array, ARRAY_BUFFER)
            for name, array in arrays.items()
        },
        indices=gltf.add_faces(faces.numpy()),
        material=gltf.add_material(person_colors(1)[0]),
    )
    if not len(correctives.targets):
        return gltf.add('meshes', name='body', primitives=[primitive])
    primitive['targets'] = [
        dict(POSITION=gltf.add_array(np.float32(target), ARRAY_BUFFER))
        for target in correctives.targets
    ]
    count = len(correctives.targets)
    return gltf.add(
        'meshes',
        name='body',
        primitives=[primitive],
        weights=correctives.rest_weights.tolist(),
        extras=dict(targetNames=[f'corrective_{i}' for i in range(count)]),
    )


def strongest_influences(weights: np.ndarray) -> Dict[str, np.ndarray]:
    """Skinning by the four joints that hold a vertex most.

    Args:
        weights: (V, 24).

    Returns:
        dict: ``JOINTS_0`` (V, 4) uint8, 0 where there is no fourth joint,
        and ``WEIGHTS_0`` (V, 4) float32, whose rows sum to 1.
    """
    joints = weights.argsort(1)[:, : -_NUM_INFLUENCES - 1 : -1]
    kept = np.take_along_axis(weights, joints, 1)
    joints = np.where(kept > 0, joints, 0)
    kept = kept / kept.sum(1, keepdims=True)
    return dict(JOINTS_0=joints.astype(np.uint8), WEIGHTS_0=np.float32(kept))


def _add_animation(
    gltf: GltfFile,
    motion: Motion,
    joints: List[int],
    body: int,
    weights: np.ndarray,
) -> None:
    times = gltf.add_array(np.float32(motion.times))
    quaternions = _continuous_quaternions(motion.rotations)
    tracks = [(joints[0], 'translation', motion.root)]
    tracks += [
        (node, 'rotation', quaternions[:, joint])
        for joint, node in enumerate(joints)
    ]
    if weights.size:
        tracks.append((body, 'weights', weights.reshape(-1)))
    gltf.add(
        'animations',
        name='motion',
        samplers=[
            dict(input=times, output=gltf.add_array(np.float32(values)))
            for _, _, values in tracks
        ],
        channels=[
            dict(sampler=i, target=dict(node=node, path=path))
            for i, (node, path, _) in enumerate(tracks)
        ],
    )


def _continuous_quaternions(rotations: np.ndarray) -> np.ndarray:
    """(T, 24, 4) x, y, z, w; signs such that frames take the short way."""
    rows = Rotation.from_rotvec(rotations.reshape(-1, 3)).as_quat()
    rows = rows.reshape(*rotations.shape[:2], 4)
    turns_round = (rows[1:] * rows[:-1]).sum(-1) < 0
    signs = np.where(turns_round, -1.0, 1.0).cumprod(0)
    rows[1:] *= signs[..., None]
    return rows
