"""SMPL bodies of all genders behind one call."""

from pathlib import Path
from typing import Optional, Union

from torch import Tensor, nn

from mmbopr.structures import GENDERS

from .smpl import SMPL, SMPLOutput
from .smpl_files import find_smpl_file, has_smpl_file


class GenderedSMPL(nn.Module):
    """Pose each row of a batch with the body of its own gender.

    Args:
        model_path: The folder with the SMPL files, of which the neutral one
            must be there; the neutral file itself, if no row is gendered; or
            ``'open'``, whose one body serves all.
        num_betas: Shape components to use.

    Attributes:
        neutral: The neutral body, whose faces and part labels hold for all.

    Raises:
        FileNotFoundError: If the neutral file is not there; in ``forward``,
            if that of a row's gender is not.
    """

    def __init__(self, model_path: Union[str, Path], num_betas: int = 10):
        super().__init__()
        self.model_path = Path(model_path)
        self.neutral = SMPL(model_path, 'neutral', num_betas)
        for gender in ('male', 'female'):
            if self.model_path.is_dir() and has_smpl_file(model_path, gender):
                self.add_module(gender, SMPL(model_path, gender, num_betas))
        self._register_load_state_dict_pre_hook(self._spread_body_model_id)

    @property
    def faces(self) -> Tensor:
        """(F, 3) long."""
        return self.neutral.faces

    @property
    def part_labels(self) -> Tensor:
        """(V,) long, part 0-23 of each vertex."""
        return self.neutral.part_labels

    @property
    def face_parts(self) -> Tensor:
        """(F,) long, part 0-23 of each face."""
        return self.neutral.face_parts

    @property
    def body_model_id(self) -> str:
        """Of all genders: they share one mesh."""
        return self.neutral.body_model_id

    @property
    def num_vertices(self) -> int:
        """Number of vertices V."""
        return self.neutral.num_vertices

    def _spread_body_model_id(self, state_dict: dict, prefix: str, *_):
        """Let a checkpoint load whichever gendered files are here."""
        neutral = state_dict.get(f'{prefix}neutral._extra_state')
        for gender in ('male', 'female'):
            key = f'{prefix}{gender}._extra_state'
            if gender not in self._modules:
                state_dict.pop(key, None)
            elif neutral is not None:
                state_dict.setdefault(key, neutral)

    def forward(
        self,
        betas: Tensor,
        body_pose: Tensor,
        global_orient: Tensor,
        gender: Tensor,
        transl: Optional[Tensor] = None,
        pose2rot: bool = True,
    ) -> SMPLOutput:
        """Shape and pose the bodies.

        Args:
            betas: (N, B) shape.
            body_pose: (N, 69) axis-angle in radians, or (N, 23, 3, 3).
            global_orient: (N, 3) axis-angle, or (N, 1, 3, 3).
            gender: (N,) long: 0 male, 1 female, 2 neutral.
            transl: (N, 3) translation in metres, or None.
            pose2rot: Whether the rotations are axis-angle.

        Returns:
            SMPLOutput: Rows in the order of the input.

        Raises:
            ValueError: If a gender code is none of the three.
        """
        if len(gender) and not 0 <= gender.min() <= gender.max() < 3:
            raise ValueError(
                f'gender codes are {gender.unique().tolist()}, expected 0 '
                '(male), 1 (female) or 2 (neutral)'
            )
        if str(self.model_path) == 'open':  # one body serves all
            return self.neutral(
                betas, body_pose, global_orient, transl, pose2rot=pose2rot
            )
        template = self.neutral.v_template
        vertices = template.new_empty(len(betas), self.num_vertices, 3)
        joints = template.new_empty(len(betas), 45, 3)
        for code, name in enumerate(GENDERS):
            rows = (gender == code).nonzero().squeeze(1)
            if not len(rows):
                continue
            body = self._body_of(name)(
                betas[rows],
                body_pose[rows],
                global_orient[rows],
                None if transl is None else transl[rows],
                pose2rot=pose2rot,
            )
            vertices = vertices.index_copy(0, rows, body.vertices)
            joints = joints.index_copy(0, rows, body.joints)
        return SMPLOutput(
            vertices, joints, betas, global_orient, body_pose, transl
        )

    def _body_of(self, gender: str) -> SMPL:
        if gender in self._modules:
            return self._modules[gender]
        if self.model_path.is_file():
            raise FileNotFoundError(
                f'a row is {gender}, but model_path is one file, '
                f'{self.model_path}: give the folder with the files of all '
                'genders'
            )
        find_smpl_file(self.model_path, gender)  # raises, with the remedy
        raise FileNotFoundError(
            f'the {gender} SMPL model came to {self.model_path} after the '
            'bodies were loaded: start again'
        )

    def joint_set(self, output: SMPLOutput, name: str) -> Tensor:
        """See :meth:`SMPL.joint_set`; the regressors are one for all."""
        return self.neutral.joint_set(output, name)
