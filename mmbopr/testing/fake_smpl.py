"""Files of SMPL's format and size with random content, for tests."""

import pickle
from pathlib import Path
from typing import Dict, Union

import numpy as np

from mmbopr.structures import SMPL_PARENTS

NUM_VERTICES = 6890
NUM_FACES = 13776


def make_fake_smpl(seed: int = 0) -> Dict:
    """The content of a SMPL file: right keys and shapes, random numbers.

    Joints lie within the cloud of vertices and skinning weights are sparse,
    but it looks like nothing.

    Args:
        seed: Another seed, another body; faces are the same for all.

    Returns:
        dict: Keys and dtypes of the official files.
    """
    rng = np.random.default_rng(seed)
    V, J = NUM_VERTICES, len(SMPL_PARENTS)
    weights = np.zeros((V, J))
    rows = np.arange(V)[:, None]
    weights[rows, rng.integers(0, J, (V, 4))] = rng.random((V, 4)) + 0.1
    regressor = np.zeros((J, V))
    regressor[np.arange(J)[:, None], rng.integers(0, V, (J, 12))] = 1
    shapedirs = 0.02 * rng.normal(size=(V, 3, 10))
    face_rng = np.random.default_rng(0)
    return {
        'v_template': rng.uniform(-0.9, 0.9, (V, 3)),
        'shapedirs': shapedirs,
        'posedirs': 1e-3 * rng.normal(size=(V, 3, 9 * (J - 1))),
        'J_regressor': regressor / regressor.sum(1, keepdims=True),
        'kintree_table': np.array(
            [(2**32 - 1, *SMPL_PARENTS[1:]), range(J)], np.uint32
        ),
        'weights': weights / weights.sum(1, keepdims=True),
        'f': face_rng.integers(0, V, (NUM_FACES, 3)).astype(np.uint32),
        'bs_type': 'lrotmin',
        'bs_style': 'lbs',
    }


def make_fake_regressor(num_joints: int) -> np.ndarray:
    """(num_joints, 6890) sparse rows that sum to 1."""
    rng = np.random.default_rng(0)
    matrix = np.zeros((num_joints, NUM_VERTICES))
    rows = np.arange(num_joints)[:, None]
    matrix[rows, rng.integers(0, NUM_VERTICES, (num_joints, 8))] = 1
    return matrix / matrix.sum(1, keepdims=True)


def write_fake_smpl(folder: Union[str, Path], regressors: bool = True) -> Path:
    """Write a folder as users of SMPL have it.

    Args:
        folder: Made if it is not there.
        regressors: Whether to add SPIN's two regressor files.

    Returns:
        Path: The folder, with ``SMPL_{NEUTRAL,MALE,FEMALE}.pkl``.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for seed, gender in enumerate(('NEUTRAL', 'MALE', 'FEMALE')):
        with (folder / f'SMPL_{gender}.pkl').open('wb') as file:
            pickle.dump(make_fake_smpl(seed), file, protocol=2)
    if regressors:
        np.save(folder / 'J_regressor_extra.npy', make_fake_regressor(9))
        np.save(folder / 'J_regressor_h36m.npy', make_fake_regressor(17))
    return folder
