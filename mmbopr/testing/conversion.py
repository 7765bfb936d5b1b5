"""What holds for every converted data set."""

from pathlib import Path
from typing import Dict, Union

import numpy as np
import torch
from mmengine.dataset import pseudo_collate
from scipy.spatial.transform import Rotation

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets import BodyMeshDataset
from mmbopr.models.targets import BodyTargetBuilder
from mmbopr.structures import J24_IN_SPIN_49
from mmbopr.structures.predictions import BodyTargets
from mmbopr.utils.camera import perspective_project, virtual_intrinsics

_SIDE = 128  # px of a crop


def load_columns(ann_file: Union[str, Path]) -> Dict[str, np.ndarray]:
    """All arrays of an annotation file."""
    with np.load(ann_file) as file:
        return dict(file)


def assert_answers(
    columns: Dict[str, np.ndarray],
    answers: Dict[str, np.ndarray],
    *keys: str,
) -> None:
    """Compare converted rows with what they must be.

    Poses are compared as rotations, joints where their confidence is not
    zero.

    Args:
        columns: Of an annotation file.
        answers: See :meth:`.miniature.Crowd.answers`.
        *keys: What to compare; what is left out of the file must be NaN.

    Raises:
        AssertionError: If they differ.
    """
    for key in keys:
        found, expected = columns[key].astype(np.float64), answers[key]
        tolerance = 1e-4
        if key == 'pose':
            found, expected = (
                Rotation.from_rotvec(x.reshape(-1, 3)).as_matrix()
                for x in (found, expected)
            )
        if key in ('kp2d', 'kp3d'):
            there = found[..., -1] > 0
            assert there.any(), f'{key}: no joint is there'
            found, expected = found[there][:, :-1], expected[there]
            tolerance = 2e-2 if key == 'kp2d' else tolerance
        np.testing.assert_allclose(
            found, expected, atol=tolerance, rtol=1e-5, err_msg=key
        )


def make_crops(
    ann_file: Union[str, Path],
    data_root: Union[str, Path],
    *,
    flip: bool = False,
    rotate: bool = False,
) -> Dict:
    """Crops of all rows, as a model gets them.

    Args:
        ann_file: Annotation file.
        data_root: Where its image paths start.
        flip: Whether to mirror them.
        rotate: Whether to turn them by random angles.

    Returns:
        dict: ``inputs``, (3, 128, 128) each, and ``data_samples``.
    """
    dataset = BodyMeshDataset(
        str(ann_file),
        data_prefix=dict(img=str(data_root)),
        pipeline=[
            dict(type='mmbopr.MeshRandomFlip', prob=float(flip)),
            dict(
                type='mmbopr.MeshRandomBBoxTransform',
                rotation_prob=float(rotate),
                scale_std=0.0,
            ),
            dict(type='mmbopr.LoadMeshImage'),
            dict(type='mmbopr.MeshTopdownAffine', input_size=(_SIDE, _SIDE)),
            dict(type='mmbopr.PackMeshInputs'),
        ],
    )
    return pseudo_collate([dataset[i] for i in range(len(dataset))])


def assert_mirrored(ours: Dict, theirs: Dict) -> None:
    """Compare crops of a mirrored world with mirrored crops.

    Args:
        ours: Crops of rows that were converted from a mirrored world.
        theirs: Crops of the world itself, mirrored when they were cut out.

    Raises:
        AssertionError: If labels or pictures differ, pictures by more than
            their compression.
    """
    for mine, other in zip(
        ours['data_samples'], theirs['data_samples'], strict=True
    ):
        mine, other = mine.gt_instance_labels, other.gt_instance_labels
        for key in ('keypoints_2d', 'keypoints_3d', 'betas'):
            there = other[key][..., -1:] != 0
            np.testing.assert_allclose(
                mine[key] * there, other[key] * there, atol=1e-3
            )
        np.testing.assert_allclose(
            *(
                Rotation.from_rotvec(x.smpl_pose[0].numpy()).as_matrix()
                for x in (mine, other)
            ),
            atol=1e-3,
        )
    for mine, other in zip(ours['inputs'], theirs['inputs'], strict=True):
        assert (mine.float() - other.float()).abs().mean() < 6


def build_targets(crops: Dict, body: GenderedSMPL) -> BodyTargets:
    """Training targets of crops."""
    samples = crops['data_samples']
    K = virtual_intrinsics(torch.ones(len(samples), 2))
    return BodyTargetBuilder(56)(samples, body, K)


@torch.no_grad()
def reprojection_errors(
    columns: Dict[str, np.ndarray], body: GenderedSMPL
) -> np.ndarray:
    """Where the bodies of rows project, against their key points.

    Args:
        columns: Of rows with a body, a translation and a camera.
        body: The bodies.

    Returns:
        np.ndarray: (N, 24) distances in pixels for J24, NaN where a key
        point is absent.
    """
    pose = torch.from_numpy(columns['pose'])
    output = body(
        betas=torch.from_numpy(columns['betas']),
        body_pose=pose[:, 1:].flatten(1),
        global_orient=pose[:, 0],
        gender=torch.from_numpy(columns['gender']),
        transl=torch.from_numpy(columns['transl']),
    )
    pixels = perspective_project(
        body.joint_set(output, 'j24'), torch.from_numpy(columns['K'])
    )
    keypoints = columns['kp2d'][:, list(J24_IN_SPIN_49)]
    gap = np.linalg.norm(pixels.numpy() - keypoints[..., :2], axis=-1)
    return np.where(keypoints[..., 2] > 0, gap, np.nan)
