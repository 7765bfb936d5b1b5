"""Ground truth for BoPR, made on the device for the whole batch."""

from typing import List, Tuple, Union

import torch
from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from mmbopr.registry import TASK_UTILS
from mmbopr.structures import J24_IN_SPIN_49, NEUTRAL, NUM_PARTS
from mmbopr.structures.predictions import BodyTargets
from mmbopr.utils.camera import fit_translation
from mmbopr.utils.rotation import axis_angle_to_matrix

from .part_map import covers_enough, part_map
from .relative_depth import part_centres, relative_depth


@TASK_UTILS.register_module()
class BodyTargetBuilder:
    """Pose the annotated bodies and derive maps and depths from them.

    Args:
        map_size: (W, H) of the part map, those of the attention maps; one
            number for both.
    """

    def __init__(self, map_size: Union[int, Tuple[int, int]] = 56):
        if isinstance(map_size, int):
            map_size = (map_size, map_size)
        self.map_size = tuple(map_size)

    # Its shapes depend on the data: a compiler would trace it anew again and
    # again.
    @torch.compiler.disable
    @torch.no_grad()
    def __call__(
        self, data_samples: List[BaseDataElement], body: nn.Module, K: Tensor
    ) -> BodyTargets:
        """Build the targets of one batch.

        Args:
            data_samples: Samples with ``gt_instance_labels`` as packed by
                ``PackMeshInputs``.
            body: :class:`~mmbopr.body_models.GenderedSMPL`; every row is
                posed by its own gender's model.
            K: (N, 4) intrinsics, in normalised crop coordinates, of the
                camera that sees the part maps.

        Returns:
            BodyTargets: on the device of the labels.
        """
        labels = _stack_labels(data_samples)
        device_type = labels['betas'].device.type
        # Half precision would move label borders and depths by centimetres.
        with torch.autocast(device_type, enabled=False):
            return self._build(labels, body, K)

    def _build(self, labels: dict, body: nn.Module, K: Tensor) -> BodyTargets:
        """Targets from stacked labels (N, ...)."""
        has_smpl = labels['has_smpl']
        # Rows without body parameters are posed at rest and never used.
        pose = torch.where(has_smpl[:, None, None], labels['smpl_pose'], 0.0)
        betas = torch.where(has_smpl[:, None], labels['betas'], 0.0)
        rotmat = axis_angle_to_matrix(pose)
        posed = body(
            betas=betas,
            body_pose=rotmat[:, 1:],
            global_orient=rotmat[:, :1],
            gender=labels['gender'],
            pose2rot=False,
        )
        keypoints = labels['keypoints_2d'][:, J24_IN_SPIN_49]
        has_2d = labels['has_keypoints_2d'][:, None, None]
        keypoints = torch.where(
            has_2d & (keypoints[..., 2:] > 0), keypoints, 0.0
        )

        labels_map, has_map = self._segment(posed, keypoints, body, K)
        depth, has_depth = relative_depth(
            posed.joints[:, :NUM_PARTS],
            part_centres(posed.vertices, body.part_labels),
        )
        return BodyTargets(
            keypoints_2d=keypoints,
            keypoints_3d=labels['keypoints_3d'],
            pose_rotmat=rotmat,
            betas=betas,
            rel_depth=depth,
            part_map=labels_map,
            has_keypoints_3d=labels['has_keypoints_3d'],
            has_smpl=has_smpl,
            # The network predicts the neutral model's betas, those of a
            # gendered fit mean something else.
            has_betas=has_smpl & (labels['gender'] == NEUTRAL),
            has_rel_depth=has_smpl & has_depth,
            has_segmentation=has_smpl & has_map & labels['has_segmentation'],
        )

    def _segment(self, posed, keypoints: Tensor, body: nn.Module, K: Tensor):
        """Part map (N, H, W) and whether it is usable (N,)."""
        transl, found = place_bodies(posed, keypoints, body, K)
        # Keep bodies without a camera out of the view instead of inside it.
        transl = torch.where(found[:, None], transl, transl.new_tensor(-100.0))
        labels = part_map(
            posed.vertices + transl[:, None],
            body.faces,
            body.face_parts,
            K,
            self.map_size,
        )
        return labels, found & covers_enough(labels)


def place_bodies(
    posed, keypoints: Tensor, body: nn.Module, K: Tensor
) -> Tuple[Tensor, Tensor]:
    """Where posed bodies stand, by their key points.

    Args:
        posed: Output of ``body`` for N people, without translation.
        keypoints: (N, 24, 3) J24 in the unit of ``K``, and confidence.
        body: :class:`~mmbopr.body_models.GenderedSMPL`.
        K: (N, 4) intrinsics.

    Returns:
        tuple[Tensor, Tensor]: See :func:`mmbopr.utils.camera.fit_translation`.
    """
    joints = body.joint_set(posed, 'j24')
    return fit_translation(joints, keypoints[..., :2], keypoints[..., 2], K)


def _stack_labels(data_samples: List[BaseDataElement]) -> dict:
    """Concatenate every label over the batch: (N, ...) tensors."""
    labels = [sample.gt_instance_labels for sample in data_samples]
    return {
        key: torch.cat([x[key] for x in labels]) for key in labels[0].keys()
    }
