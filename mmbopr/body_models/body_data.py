"""The arrays of a body model, checked, whatever file they come from."""

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np

from mmbopr.structures import SMPL_24, SMPL_PARENTS

NUM_JOINTS = len(SMPL_24)
NUM_POSE_FEATURES = 9 * (NUM_JOINTS - 1)
NUM_VERTEX_JOINTS = 21


class BodyMismatchError(ValueError):
    """Shapes and poses of one body are given to another."""


@dataclass(frozen=True)
class BodyData:
    """An SMPL-format body: SMPL's joints on any mesh.

    Note: V: vertices, F: faces, B: shape components.

    Attributes:
        body_model_id: Which mesh this is. Vertex indices, regressors and
            betas mean something for one id only.
        v_template: (V, 3) mean shape in rest pose, metres, SMPL's canonical
            frame.
        shapedirs: (V, 3, B) shape displacements in metres.
        posedirs: (V, 3, 207) displacements per entry of R - I, joints 1-23.
        J_regressor: (24, V) joints of a mesh in rest pose.
        weights: (V, 24) skinning weights; rows sum to 1.
        faces: (F, 3).
        part_labels: (V,) part 0-23 of each vertex.
        vertex_joint_ids: (21,) vertices that serve as surface joints.
        J_regressor_extra: (9, V) on posed vertices, rows as in SPIN's file.
        J_regressor_h36m: (17, V) on posed vertices, rows as in SPIN's file.
        mirror: (V,) index of each vertex's mirror image, where known.
        regressor_folder: Where regressor files were looked for.
    """

    body_model_id: str
    v_template: np.ndarray
    shapedirs: np.ndarray
    posedirs: np.ndarray
    J_regressor: np.ndarray
    weights: np.ndarray
    faces: np.ndarray
    part_labels: np.ndarray
    vertex_joint_ids: np.ndarray
    J_regressor_extra: Optional[np.ndarray] = None
    J_regressor_h36m: Optional[np.ndarray] = None
    mirror: Optional[np.ndarray] = None
    regressor_folder: str = ''

    def check(self, source: str) -> 'BodyData':
        """Return self if all arrays fit together.

        Args:
            source: What to call the body in an error, usually its file.

        Raises:
            ValueError: If a shape, an index or a value is wrong.
        """
        V, B = len(self.v_template), self.shapedirs.shape[-1]
        shapes = {
            'v_template': (V, 3),
            'shapedirs': (V, 3, B),
            'posedirs': (V, 3, NUM_POSE_FEATURES),
            'J_regressor': (NUM_JOINTS, V),
            'weights': (V, NUM_JOINTS),
            'faces': (len(self.faces), 3),
            'part_labels': (V,),
            'vertex_joint_ids': (NUM_VERTEX_JOINTS,),
            'J_regressor_extra': (9, V),
            'J_regressor_h36m': (17, V),
            'mirror': (V,),
        }
        upper = {
            'faces': V,
            'part_labels': NUM_JOINTS,
            'vertex_joint_ids': V,
            'mirror': V,
        }
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array is not None:
                _check_array(
                    f'{source}: {name}', array, shape, upper.get(name)
                )
        for name in ('weights', 'J_regressor'):
            sums = getattr(self, name).sum(1)
            if abs(sums - 1).max() > 1e-3:
                raise ValueError(
                    f'{source}: rows of {name} sum to {sums.min():.4f}.. '
                    f'{sums.max():.4f}, expected 1'
                )
        return self


def _check_array(
    name: str,
    array: np.ndarray,
    shape: Tuple[int, ...],
    upper: Optional[int],
) -> None:
    if array.shape != shape:
        raise ValueError(f'{name} has shape {array.shape}, expected {shape}')
    if not np.isfinite(array).all():
        raise ValueError(f'{name} holds NaN or infinity')
    if upper is not None and not 0 <= array.min() <= array.max() < upper:
        raise ValueError(
            f'{name} ranges over {array.min()}..{array.max()}, expected '
            f'0..{upper - 1}'
        )


def check_kintree(kintree_table: np.ndarray, source: str) -> None:
    """Raise unless the kinematic tree is SMPL's.

    Args:
        kintree_table: (2, 24): row 0 the parents; the root's entry is any
            number (files hold -1 or 2**32 - 1).
        source: The file, for the error.

    Raises:
        ValueError: If it is another tree.
    """
    parents = np.asarray(kintree_table)[0]
    if tuple(parents[1:].tolist()) != SMPL_PARENTS[1:]:
        raise ValueError(
            f"{source}: kintree_table is not SMPL's tree of 24 joints: "
            f'parents {parents.tolist()}'
        )


def cut_betas(
    shapedirs: np.ndarray, num_betas: int, source: str
) -> np.ndarray:
    """Keep the first shape components.

    Args:
        shapedirs: (V, 3, B).
        num_betas: How many to keep.
        source: The file, for the error.

    Raises:
        ValueError: If there are fewer.
    """
    if num_betas > shapedirs.shape[-1]:
        raise ValueError(
            f'{source} has {shapedirs.shape[-1]} shape components, '
            f'num_betas={num_betas} asks for more'
        )
    return shapedirs[..., :num_betas]


def majority_labels(part_labels: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Part of each face: what two of its vertices say.

    Where all three differ, the part whose left-right pair is not among them
    wins, the lowest joint of those; so mirrored faces get mirrored parts.

    Args:
        part_labels: (V,) 0-23.
        faces: (F, 3).

    Returns:
        np.ndarray: (F,).
    """
    flip = np.array(SMPL_24.flip_indices)
    rank = np.minimum(np.arange(NUM_JOINTS), flip)  # the same for a pair
    a, b, c = part_labels[faces].T
    corners = np.stack([a, b, c], 1)
    corners = np.take_along_axis(corners, rank[corners].argsort(1), 1)
    first_two_pair = rank[corners[:, 0]] == rank[corners[:, 1]]
    undecided = np.where(first_two_pair, corners[:, 2], corners[:, 0])
    return np.where((a == b) | (a == c), a, np.where(b == c, b, undecided))
