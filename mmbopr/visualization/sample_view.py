"""What a model is trained on: a sample with all its labels and targets."""

from dataclasses import dataclass
from typing import Any, Dict, Tuple

import cv2
import numpy as np
import torch
from mmengine.config import ConfigDict
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from mmbopr.models.estimators.crop_context import crop_context
from mmbopr.models.targets import place_bodies
from mmbopr.registry import MODELS, TASK_UTILS
from mmbopr.structures import GENDERS
from mmbopr.structures.predictions import BodyTargets
from mmbopr.utils.camera import to_pixels

from .colors import GROUND_TRUTH
from .labels import depth_colors, draw_keypoints, draw_part_map
from .renderer import render_meshes

# Columns of RD, by the side that is positive.
_DEPTHS = ('front', 'left', 'up')
_SUPERVISED = {
    'has_smpl': 'body',
    'has_keypoints_3d': '3D',
    'has_keypoints_2d': '2D',
    'has_segmentation': 'parts',
}


@dataclass(frozen=True)
class SampleViewer:
    """Draws samples as a model's target builder understands them.

    Attributes:
        body_model: The ``GenderedSMPL`` of the model.
        target_builder: Its maker of ground truth.
        camera: Its camera.
        size: Longer side of the pictures in pixels.
    """

    body_model: nn.Module
    target_builder: Any
    camera: Any
    size: int = 288

    @classmethod
    def from_model(cls, model: ConfigDict) -> 'SampleViewer':
        """What a model's config tells of bodies, targets and camera.

        Args:
            model: Config of a ``BodyMeshEstimator``.

        Raises:
            ValueError: If the model is no ``BodyMeshEstimator``.
        """
        lacking = {'body_model', 'target_builder'} - model.keys()
        if lacking:
            raise ValueError(
                f'model ({model.type}) has no {sorted(lacking)}: its samples '
                'cannot be drawn; use the config of a BodyMeshEstimator'
            )
        return cls(
            MODELS.build(model.body_model),
            TASK_UTILS.build(model.target_builder),
            TASK_UTILS.build(
                model.get('camera') or {'type': 'mmbopr.CropCamera'}
            ),
        )

    @torch.no_grad()
    def draw(self, inputs: Tensor, sample: PoseDataSample) -> Dict:
        """Draw one packed sample.

        Args:
            inputs: (3, h, w) uint8, BGR.
            sample: Packed by ``PackMeshInputs``.

        Returns:
            dict[str, np.ndarray]: Caption -> (H, W, 3) uint8 RGB: the crop;
            of a sample with labels its key points; of one with a body the
            mesh, the part map and the three columns of RD.

        Raises:
            ValueError: If the sample is of another body model.
        """
        image = self._enlarge(inputs.numpy().transpose(1, 2, 0)[..., ::-1])
        labels = sample.gt_instance_labels
        if 'betas' not in labels:
            return {'input': image}
        self._check_body(sample)
        K = self.camera.intrinsics(crop_context([sample], 'cpu'))
        targets = self.target_builder([sample], self.body_model, K)
        panels = {
            'input': image,
            'key points': draw_keypoints(
                image, _to_pixels(labels.keypoints_2d[0].numpy(), image)
            ),
        }
        if labels.has_smpl.all():
            panels |= self._draw_body(image, labels, targets, K)
        return panels

    def _draw_body(
        self, image: np.ndarray, labels, targets: BodyTargets, K: Tensor
    ) -> Dict[str, np.ndarray]:
        """Mesh, part map and RD of a sample with a body."""
        posed = self.body_model(
            betas=targets.betas,
            body_pose=targets.pose_rotmat[:, 1:],
            global_orient=targets.pose_rotmat[:, :1],
            gender=labels.gender,
            pose2rot=False,
        )
        transl, found = place_bodies(
            posed, targets.keypoints_2d, self.body_model, K
        )
        if not found.all():
            return {}
        vertices = posed.vertices + transl[:, None]
        K = to_pixels(K, image.shape[1::-1])[0]

        def render(colors: Tensor) -> np.ndarray:
            return render_meshes(
                image, vertices, self.body_model.faces, K, colors
            )

        used = '' if targets.has_segmentation.all() else ' (not supervised)'
        panels = {
            f'mesh, {GENDERS[int(labels.gender)]}': render(
                torch.tensor([GROUND_TRUTH])
            ),
            f'part map{used}': draw_part_map(
                image, targets.part_map[0].numpy()
            ),
        }
        for name, depth in zip(_DEPTHS, targets.rel_depth[0].T, strict=True):
            colors = depth_colors(depth, self.body_model.part_labels)
            reach = depth.abs().amax()
            panels[f'RD, {name} is red, {reach:.2f} m'] = render(colors[None])
        return panels

    def _enlarge(self, image: np.ndarray) -> np.ndarray:
        zoom = self.size / max(image.shape[:2])
        size = [round(zoom * n) for n in image.shape[1::-1]]
        method = cv2.INTER_CUBIC if zoom > 1 else cv2.INTER_AREA
        return cv2.resize(
            np.ascontiguousarray(image), size, interpolation=method
        )

    def _check_body(self, sample: PoseDataSample) -> None:
        ours = self.body_model.body_model_id
        theirs = sample.get('body_model_id', ours)
        if theirs != ours:
            raise ValueError(
                f'{sample.img_path} is annotated with body model {theirs!r}, '
                f'but model.body_model is {ours!r}: set '
                'model.body_model.model_path to the body of the data set'
            )


def _to_pixels(keypoints: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Normalised crop coordinates (P, 3) as pixels of the picture."""
    size = np.array(image.shape[1::-1])
    pixels = (keypoints[:, :2] + 1) * size / 2
    return np.column_stack([pixels, keypoints[:, 2]])


def describe_sample(sample: PoseDataSample) -> Tuple[str, str]:
    """Title and details of a packed sample.

    Args:
        sample: Packed by ``PackMeshInputs``.

    Returns:
        tuple[str, str]: Where it comes from; what it supervises and how it
        was augmented.
    """
    title = f'{sample.get("dataset_name", "")} row {sample.sample_idx}'
    labels = sample.gt_instance_labels
    there = [
        word
        for key, word in _SUPERVISED.items()
        if key in labels and labels[key].all()
    ]
    occlusion = sample.gt_instances.get('occlusion', [np.nan])[0]
    facts = [
        f'labels: {", ".join(there) or "none"}',
        f'{sample.get("seq")}, frame {sample.get("frame")}, person '
        f'{sample.get("person")}',
        f'{occlusion:.0%} hidden' if np.isfinite(occlusion) else '',
        'mirrored' if sample.get('flip') else '',
        f'turned by {sample.bbox_rotation:.0f} degrees'
        if sample.get('bbox_rotation')
        else '',
        str(sample.img_path),
    ]
    return title.strip(), ' · '.join(filter(None, facts))
