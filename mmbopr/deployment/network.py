"""What an exported file computes: from crops to body parameters."""

from typing import Dict, Optional, Sequence

import torch
from torch import Tensor, nn

from mmbopr.structures import COCO_17
from mmbopr.structures.predictions import CropContext
from mmbopr.utils.camera import full_image_translation


class Normalise(nn.Module):
    """From pixels to what a backbone reads, as ``PoseDataPreprocessor``.

    Args:
        mean: Of the channels, after their conversion; None leaves pixels as
            they are.
        std: Likewise.
        bgr_to_rgb: Whether the channels change places.
    """

    def __init__(
        self,
        mean: Optional[Sequence[float]] = None,
        std: Optional[Sequence[float]] = None,
        bgr_to_rgb: bool = False,
    ):
        super().__init__()
        self.bgr_to_rgb = bgr_to_rgb
        for name, values in (('mean', mean or [0.0]), ('std', std or [1.0])):
            self.register_buffer(name, torch.tensor(values).view(-1, 1, 1))

    def forward(self, inputs: Tensor) -> Tensor:
        """(N, 3, h, w) uint8 to (N, 3, h, w) float."""
        if self.bgr_to_rgb:
            inputs = inputs.flip(1)
        return (inputs.float() - self.mean) / self.std


class ParameterNetwork(nn.Module):
    """Backbone, neck and head of an estimator, and nothing else of it.

    It holds no data of a body model, whatever the licence of that.

    Args:
        model: :class:`~mmbopr.models.estimators.BodyMeshEstimator`.
        normalise: What comes before the backbone.
    """

    def __init__(self, model: nn.Module, normalise: Normalise):
        super().__init__()
        self.normalise = normalise
        self.backbone = model.backbone
        self.neck = model.neck if model.with_neck else nn.Identity()
        self.head = model.head

    def forward(
        self,
        inputs: Tensor,
        bbox: Tensor,
        K: Tensor,
        keypoint_prompts: Optional[Tensor] = None,
    ) -> Dict[str, Tensor]:
        """Recover bodies.

        Args:
            inputs: (N, 3, h, w) uint8 crops, BGR, as OpenCV reads them.
            bbox: (N, 4) centre x, y, width and height of what a crop shows,
                in pixels of the full image.
            K: (N, 4) intrinsics (fx, fy, cx, cy) of the full image in pixels.
            keypoint_prompts: (N, 17, 3) COCO-17 key points in normalised crop
                coordinates with the confidence last, 0 where not given; None
                gives none.

        Returns:
            dict[str, Tensor]: The fields of
            :class:`~mmbopr.structures.predictions.MeshPrediction` that the
            head regresses, and ``cam_transl_full`` (N, 3), metres, which
            places the body before the full image's camera.
        """
        if keypoint_prompts is None:
            shape = (bbox.shape[0], len(COCO_17), 3)
            keypoint_prompts = bbox.new_zeros(shape)
        crops = CropContext(bbox, K, keypoint_prompts)
        features = self.neck(self.backbone(self.normalise(inputs)))
        prediction = self.head(features, crops).float()
        fields = prediction._asdict()
        fields['cam_transl_full'] = full_image_translation(
            prediction.cam, bbox, K
        )
        return {k: v for k, v in fields.items() if v is not None}


class MeshNetwork(ParameterNetwork):
    """The same, and the body layer.

    Args:
        model: As in :class:`ParameterNetwork`; its neutral body is used.
        normalise: As there.
    """

    def __init__(self, model: nn.Module, normalise: Normalise):
        super().__init__(model, normalise)
        self.body = model.body_model.neutral

    def forward(
        self,
        inputs: Tensor,
        bbox: Tensor,
        K: Tensor,
        keypoint_prompts: Optional[Tensor] = None,
    ) -> Dict[str, Tensor]:
        """Recover meshes; arguments are those of the base class.

        Returns:
            dict[str, Tensor]: Also ``vertices`` (N, V, 3) and ``joints``
            (N, 45, 3) in metres, camera axes, without ``cam_transl_full``.
        """
        fields = super().forward(inputs, bbox, K, keypoint_prompts)
        posed = self.body(
            betas=fields['betas'],
            body_pose=fields['pose_rotmat'][:, 1:],
            global_orient=fields['pose_rotmat'][:, :1],
            pose2rot=False,
        )
        return fields | dict(vertices=posed.vertices, joints=posed.joints)
