"""SMPL as a layer: parameters in, vertices and named joints out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union

import numpy as np
import torch
from torch import Tensor, nn

from mmbopr.structures import (
    COCO_17_FROM_SMPL_45,
    J17_FROM_H36M_17,
    J24_FROM_SMPL_54,
    JOINT_SETS,
    LSP_14_FROM_H36M_17,
    SMPL_PARENTS,
    SPIN_49_FROM_SMPL_54,
)
from mmbopr.utils.rotation import axis_angle_to_matrix

from .body_data import NUM_JOINTS, BodyData, BodyMismatchError, majority_labels
from .lbs import blend_shapes, forward_kinematics, skin
from .open_body import load_open_body
from .regressor import JointRegressor
from .smpl_files import load_smpl

SPIN_PAGE = 'https://github.com/nkolot/SPIN'

# Joint set -> (set it is picked from, indices).
_PICKED = {
    'coco_17': ('smpl_45', COCO_17_FROM_SMPL_45),
    'spin_49': ('smpl_54', SPIN_49_FROM_SMPL_54),
    'j24': ('smpl_54', J24_FROM_SMPL_54),
    'j17': ('h36m_17', J17_FROM_H36M_17),
    'lsp_14': ('h36m_17', LSP_14_FROM_H36M_17),
}


@dataclass
class SMPLOutput:
    """A posed body, under smplx's names.

    Attributes:
        vertices: (N, V, 3) metres. A transposed view, hence not contiguous.
        joints: (N, 45, 3) metres: 24 of the kinematic tree, 21 vertices.
        betas: (N, B).
        global_orient: (N, 3) or (N, 1, 3, 3), as given.
        body_pose: (N, 69) or (N, 23, 3, 3), as given.
        transl: (N, 3) or None, as given.
        full_pose: (N, 72) or (N, 24, 3, 3), root first; None unless asked
            for.
    """

    vertices: Optional[Tensor]
    joints: Tensor
    betas: Tensor
    global_orient: Tensor
    body_pose: Tensor
    transl: Optional[Tensor] = None
    full_pose: Optional[Tensor] = None


class SMPL(nn.Module):
    """SMPL's linear blend skinning on SMPL itself or on the open body.

    Vocabulary and output are those of ``smplx.SMPL``; values and gradients
    equal ``smplx.lbs.lbs``. Always computed in the precision of the buffers,
    float32 unless converted, also under autocast: half precision would cost
    0.4 mm. No buffer enters a checkpoint; the state dict holds only
    ``body_model_id``, and loading it into another body raises.

    Note: N: batch size, V: vertices, F: faces, B: ``num_betas``.

    Args:
        model_path: ``'open'`` for the packaged open body, else a SMPL file
            or the folder with the files of all genders.
        gender: 'neutral', 'male' or 'female'; picks the file in a folder.
            The open body is one for all.
        num_betas: Shape components to use.

    Attributes:
        body_model_id: 'smpl' or 'open-1'.
        faces: (F, 3) long.
        part_labels: (V,) long, part 0-23 of each vertex.
        face_parts: (F,) long, part 0-23 of each face.

    Raises:
        FileNotFoundError: If the file is not there; says where to get it.
        ValueError: If it is not an SMPL file, or has too few betas.
    """

    def __init__(
        self,
        model_path: Union[str, Path],
        gender: str = 'neutral',
        num_betas: int = 10,
    ):
        super().__init__()
        if str(model_path) == 'open':
            data = load_open_body(num_betas)
        else:
            data = load_smpl(model_path, gender, num_betas)
        self.body_model_id = data.body_model_id
        self.gender = gender
        self.num_betas = num_betas
        self._regressor_folder = data.regressor_folder
        self._register_geometry(data)
        self._register_tables(data)
        self.J_regressor_extra = _optional_regressor(data.J_regressor_extra)
        self.J_regressor_h36m = _optional_regressor(data.J_regressor_h36m)
        # mmengine's get_state_dict does not know extra states.
        self._register_state_dict_hook(_save_extra_state)

    def _constant(self, name: str, array: np.ndarray, dtype) -> None:
        tensor = torch.from_numpy(np.ascontiguousarray(array, dtype))
        self.register_buffer(name, tensor, persistent=False)

    def _register_geometry(self, data: BodyData) -> None:
        displacements = np.concatenate(
            [data.v_template[..., None], data.shapedirs, data.posedirs], 2
        )
        blend_matrix = displacements.transpose(2, 1, 0)  # (1+B+207, 3, V)
        J_shapedirs = np.einsum(
            'jv,vcb->bjc', data.J_regressor, data.shapedirs, dtype=np.float64
        )
        J_template = data.J_regressor.astype(np.float64) @ data.v_template
        self._constant('v_template', data.v_template, np.float32)
        self._constant(
            'blend_matrix',
            blend_matrix.reshape(len(blend_matrix), -1),
            np.float32,
        )
        self._constant('J_template', J_template, np.float32)
        self._constant('J_shapedirs', J_shapedirs, np.float32)
        self._constant('weights_t', data.weights.T, np.float32)

    def _register_tables(self, data: BodyData) -> None:
        self._constant('faces', data.faces, np.int64)
        self._constant('part_labels', data.part_labels, np.int64)
        self._constant(
            'face_parts',
            majority_labels(data.part_labels, data.faces),
            np.int64,
        )
        self._constant('parents', np.maximum(SMPL_PARENTS, 0), np.int64)
        self._constant('vertex_joint_ids', data.vertex_joint_ids, np.int64)
        for name, (_, indices) in _PICKED.items():
            self._constant(f'_{name}_indices', np.array(indices), np.int64)

    @property
    def num_vertices(self) -> int:
        """Number of vertices V."""
        return len(self.v_template)

    def forward(
        self,
        betas: Optional[Tensor] = None,
        body_pose: Optional[Tensor] = None,
        global_orient: Optional[Tensor] = None,
        transl: Optional[Tensor] = None,
        return_verts: bool = True,
        return_full_pose: bool = False,
        pose2rot: bool = True,
    ) -> SMPLOutput:
        """Shape and pose the body.

        What is left out is that of the mean body at rest. Arguments with a
        batch of 1 are used for the whole batch.

        Args:
            betas: (N, B) shape.
            body_pose: (N, 69) axis-angle in radians, or (N, 23, 3, 3).
            global_orient: (N, 3) axis-angle, or (N, 1, 3, 3).
            transl: (N, 3) translation in metres, or None.
            return_verts: Whether the output holds the vertices.
            return_full_pose: Whether the output holds the full pose.
            pose2rot: Whether the rotations are axis-angle.

        Returns:
            SMPLOutput: In the frame that ``global_orient`` leads to.

        Raises:
            ValueError: If ``betas`` has another number of components.
        """
        betas, body_pose, global_orient = self._complete(
            betas, body_pose, global_orient, pose2rot
        )
        if betas.shape[-1] != self.num_betas:
            raise ValueError(
                f'betas has {betas.shape[-1]} components, this body has '
                f'{self.num_betas}'
            )
        with torch.autocast(betas.device.type, enabled=False):
            rotmats, shape = self._expand(
                betas, body_pose, global_orient, pose2rot
            )
            vertices, joints = self._pose(shape, rotmats)
            if transl is not None:
                transl = transl.to(vertices.dtype)
                vertices = vertices + transl[:, None]
                joints = joints + transl[:, None]
        full_pose = None
        if return_full_pose:
            full_pose = torch.cat([global_orient, body_pose], 1)
        return SMPLOutput(
            vertices if return_verts else None,
            joints,
            betas,
            global_orient,
            body_pose,
            transl,
            full_pose,
        )

    def _complete(self, betas, body_pose, global_orient, pose2rot):
        """Fill in the mean body at rest."""
        if betas is None:
            betas = self.v_template.new_zeros(1, self.num_betas)
        rest = [
            self.v_template.new_zeros(1, 3 * num)
            if pose2rot
            else torch.eye(3).to(self.v_template).expand(1, num, 3, 3)
            for num in (1, NUM_JOINTS - 1)
        ]
        if global_orient is None:
            global_orient = rest[0]
        if body_pose is None:
            body_pose = rest[1]
        return betas, body_pose, global_orient

    def _expand(self, betas, body_pose, global_orient, pose2rot):
        """To rotation matrices, one precision and one batch size."""
        dtype = self.v_template.dtype
        # shape[0], as len() would fix the batch size of an exported graph.
        N = max(x.shape[0] for x in (betas, body_pose, global_orient))
        rotation = (3,) if pose2rot else (3, 3)
        pose = torch.cat(
            [
                part.to(dtype)
                .reshape(-1, num, *rotation)
                .expand(N, num, *rotation)
                for part, num in ((global_orient, 1), (body_pose, 23))
            ],
            1,
        )
        rotmats = axis_angle_to_matrix(pose) if pose2rot else pose
        return rotmats, betas.to(dtype).expand(N, -1)

    def _pose(self, betas, rotmats):
        rest_joints = self.J_template + torch.einsum(
            'nb,bjc->njc', betas, self.J_shapedirs
        )
        rotations, joints = forward_kinematics(
            rotmats, rest_joints, self.parents
        )
        rest_vertices = blend_shapes(betas, rotmats, self.blend_matrix)
        planar = skin(
            rest_vertices, rotations, joints, rest_joints, self.weights_t
        )
        vertices = planar.transpose(1, 2)
        picked = vertices.index_select(1, self.vertex_joint_ids)
        return vertices, torch.cat([joints, picked], 1)

    def joint_set(self, output: SMPLOutput, name: str) -> Tensor:
        """Joints of a posed body in any convention.

        Args:
            output: What :meth:`forward` returned.
            name: A key of :data:`mmbopr.structures.JOINT_SETS`.

        Returns:
            Tensor: (N, J, 3) metres, in the frame of ``output``.

        Raises:
            KeyError: If there is no such joint set.
            FileNotFoundError: If it needs a regressor file that is not
                beside the SMPL model; says which, and where to get it.
        """
        if name in _PICKED:
            source, _ = _PICKED[name]
            indices = getattr(self, f'_{name}_indices')
            return self.joint_set(output, source).index_select(1, indices)
        if name == 'smpl_24':
            return output.joints[:, :NUM_JOINTS]
        if name == 'smpl_45':
            return output.joints
        if name == 'smpl_54':
            extra = self._regress('J_regressor_extra', output)
            return torch.cat([output.joints, extra], 1)
        if name == 'h36m_17':
            return self._regress('J_regressor_h36m', output)
        raise KeyError(
            f'unknown joint set {name!r}, choose from {sorted(JOINT_SETS)}'
        )

    def has_joint_set(self, name: str) -> bool:
        """Whether the regressor that a joint set needs is there."""
        source = _PICKED[name][0] if name in _PICKED else name
        needs = {
            'smpl_54': 'J_regressor_extra',
            'h36m_17': 'J_regressor_h36m',
        }
        return source not in needs or getattr(self, needs[source]) is not None

    def _regress(self, name, output):
        regressor = getattr(self, name)
        if regressor is None:
            raise FileNotFoundError(
                f'this joint set needs {name}.npy, which does not come with '
                f'SMPL: run fetch_data.sh of {SPIN_PAGE} and put the file to '
                f'{Path(self._regressor_folder) / name}.npy'
            )
        with torch.autocast(output.vertices.device.type, enabled=False):
            return regressor(output.vertices)

    def get_extra_state(self) -> Tensor:
        """``body_model_id`` as bytes: checkpoints hold only tensors."""
        return torch.tensor(
            list(self.body_model_id.encode()), dtype=torch.uint8
        )

    def set_extra_state(self, state: Tensor) -> None:
        """Refuse a checkpoint that was trained with another body.

        Args:
            state: (L,) uint8, what :meth:`get_extra_state` returned.

        Raises:
            BodyMismatchError: If the ids differ.
        """
        saved = bytes(state.tolist()).decode()
        if saved != self.body_model_id:
            raise BodyMismatchError(
                f'this checkpoint was trained with body model {saved!r}, '
                f'but the model is built with {self.body_model_id!r}. Shape '
                'and pose parameters of one body mean nothing on another: '
                'set model_path of the body model to what it was trained '
                "with ('open' for 'open-1', your SMPL folder for 'smpl')"
            )


def _optional_regressor(
    matrix: Optional[np.ndarray],
) -> Optional[JointRegressor]:
    return None if matrix is None else JointRegressor(matrix)


def _save_extra_state(module, state_dict, prefix, local_metadata):
    state_dict[f'{prefix}_extra_state'] = module.get_extra_state()
