"""The bodies that rows describe."""

from functools import lru_cache
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

import numpy as np
import torch

from mmbopr.body_models import GenderedSMPL
from mmbopr.body_models.open_body import load_open_body
from mmbopr.body_models.smpl_files import find_smpl_file
from mmbopr.structures import (
    J24_IN_SPIN_49,
    SMPL_45,
    SPIN_49_FROM_SMPL_54,
)

_BATCH = 256

# Joints of SPIN-49 that SMPL-45 has: their places there, and here.
SPIN_49_IN_SMPL_45 = np.array(
    [
        (place, joint)
        for place, joint in enumerate(SPIN_49_FROM_SMPL_54)
        if joint < len(SMPL_45)
    ]
).T


class PosedBodies(NamedTuple):
    """Bodies in camera axes, at the place where their shape puts them.

    Attributes:
        smpl_45: (N, 45, 3) metres, of which the first 24 are kinematic.
        spin_49: (N, 49, 3) metres.
    """

    smpl_45: np.ndarray
    spin_49: np.ndarray

    @property
    def pelvis(self) -> np.ndarray:
        """(N, 3) pelvis; the root turns about it, so also that at rest."""
        return self.smpl_45[:, 0]

    @property
    def j24(self) -> np.ndarray:
        """(N, 24, 3) J24."""
        return self.spin_49[:, list(J24_IN_SPIN_49)]


@lru_cache(maxsize=1)
def load_body(model_path: str) -> GenderedSMPL:
    """The bodies of all genders, loaded once a process."""
    return GenderedSMPL(model_path)


def body_model_id(model_path: str) -> str:
    """Id of a body model whose files need not be there."""
    if model_path == 'open':
        return load_open_body().body_model_id
    return 'smpl'


def body_files(model_path: str, genders: Tuple[str, ...]) -> List[Path]:
    """The files that decide what :func:`pose_bodies` returns.

    Raises:
        FileNotFoundError: If one is missing; says where to get it.
    """
    if model_path == 'open':
        return []
    files = [find_smpl_file(model_path, gender) for gender in genders]
    # Posing a body tells what to do if the regressor is missing.
    pose_bodies(
        load_body(model_path),
        {'pose': np.zeros((1, 24, 3)), 'betas': np.zeros((1, 10)),
         'gender': np.full(1, 2)},
    )  # fmt: skip
    return [*files, files[0].parent / 'J_regressor_extra.npy']


@torch.no_grad()
def pose_bodies(body: GenderedSMPL, rows: Dict) -> PosedBodies:
    """Pose the bodies of rows, each with the model of its gender.

    Args:
        body: The bodies.
        rows: ``pose`` (N, 24, 3), ``betas`` (N, 10) and ``gender`` (N,).

    Returns:
        PosedBodies: In the frame of ``pose``.
    """
    pose = torch.as_tensor(rows['pose'], dtype=torch.float32)
    betas = torch.as_tensor(rows['betas'], dtype=torch.float32)
    gender = torch.as_tensor(rows['gender'])
    smpl_45, spin_49 = [], []
    for start in range(0, len(pose), _BATCH):
        batch = slice(start, start + _BATCH)
        output = body(
            betas=betas[batch],
            body_pose=pose[batch, 1:].flatten(1),
            global_orient=pose[batch, 0],
            gender=gender[batch],
        )
        smpl_45.append(output.joints)
        spin_49.append(body.joint_set(output, 'spin_49'))
    if not smpl_45:
        return PosedBodies(np.zeros((0, 45, 3)), np.zeros((0, 49, 3)))
    return PosedBodies(
        torch.cat(smpl_45).double().numpy(),
        torch.cat(spin_49).double().numpy(),
    )
