"""Image to body mesh: backbone, neck, head, body model, targets."""

from typing import List

import torch
from mmengine.structures import BaseDataElement, InstanceData, PixelData
from mmpose.models.pose_estimators.base import BasePoseEstimator
from torch import Tensor

from mmbopr.body_models import BodyMismatchError
from mmbopr.registry import MODELS, TASK_UTILS
from mmbopr.structures.predictions import MeshPrediction, MissingFeatureError
from mmbopr.utils.camera import full_image_translation

from ..layers import spatial_softmax
from .crop_context import crop_context


@MODELS.register_module()
class BodyMeshEstimator(BasePoseEstimator):
    """Top-down human mesh recovery.

    L_total = L_AFE + L_BAR (eq. 3): the neck's losses and the head's losses,
    key by key.

    Args:
        backbone: Config of the backbone (mmpose's, say).
        neck: Config of a neck; one with a method ``loss`` supervises its own
            maps.
        head: Config of a head that reads what the neck returns and returns
            ``MeshPrediction``.
        body_model: Config of :class:`~mmbopr.body_models.GenderedSMPL`; the
            same bodies pose predictions and ground truth.
        target_builder: Config of the maker of ground truth.
        camera: Config of the camera that bodies are projected by, see
            :mod:`mmbopr.models.cameras`; by default ``CropCamera``.
        channels_last: Whether the weights of convolutions, and with them all
            maps, lie in memory with the channels last.  Results are the
            same; bfloat16 gains speed by it.
        kwargs: See mmpose's ``BasePoseEstimator``; in ``test_cfg``,
            ``output_attention=True`` adds the attention maps to predictions.
    """

    def __init__(
        self,
        backbone: dict,
        neck: dict,
        head: dict,
        body_model: dict,
        target_builder: dict,
        *,
        camera: dict | None = None,
        channels_last: bool = False,
        **kwargs,
    ):
        super().__init__(backbone, neck, head, **kwargs)
        self.camera = TASK_UTILS.build(camera or {'type': 'mmbopr.CropCamera'})
        self.body_model = MODELS.build(body_model)
        self.target_builder = TASK_UTILS.build(target_builder)
        if channels_last:
            self.to(memory_format=torch.channels_last)

    def loss(
        self, inputs: Tensor, data_samples: List[BaseDataElement]
    ) -> dict:
        """All terms of eq. (3).

        Args:
            inputs: (N, 3, H, W) normalised images.
            data_samples: Their annotations.

        Returns:
            dict[str, Tensor]: scalar losses.
        """
        self._check_body_model(data_samples)
        crops = crop_context(data_samples, inputs.device)
        targets = self.target_builder(
            data_samples, self.body_model, self.camera.intrinsics(crops)
        )
        features = self.extract_feat(inputs)
        losses = {}
        if hasattr(self.neck, 'loss'):
            losses.update(self.neck.loss(features, targets))
        losses.update(
            self.head.loss(
                features, crops, targets, self.body_model.neutral, self.camera
            )
        )
        return losses

    @torch.no_grad()
    def predict(
        self, inputs: Tensor, data_samples: List[BaseDataElement]
    ) -> List[BaseDataElement]:
        """Recover meshes.

        Args:
            inputs: (N, 3, H, W) normalised crops.
            data_samples: Their meta information; ``bbox_center`` (2,) and
                ``bbox_scale`` (2,) in pixels, ``ori_shape`` and, where known,
                ``K`` (4,) place the body in the full image.

        Returns:
            list[BaseDataElement]: the samples with ``pred_instances``:
            ``pose_rotmat`` (1, 24, 3, 3), ``betas`` (1, 10), ``cam`` (1, 3),
            ``rel_depth`` (1, 24, 3), ``vertices`` (1, V, 3), ``joints``
            (1, 45, 3) and, if the body has the regressor, ``joints_h36m``
            (1, 17, 3) in metres, camera axes, without translation;
            ``cam_transl_full`` (1, 3) metres and ``K_full`` (1, 4) pixels
            place the body before the full image.  ``rel_depth`` only from
            heads that regress it.
        """
        crops = crop_context(data_samples, inputs.device)
        features = self.extract_feat(inputs)
        prediction = self.head(features, crops).float()
        fields = self._pose(prediction)
        fields['cam_transl_full'] = full_image_translation(
            prediction.cam, crops.bbox, crops.K
        )
        fields['K_full'] = crops.K
        fields = {key: value.cpu() for key, value in fields.items()}
        for i, sample in enumerate(data_samples):
            sample.pred_instances = InstanceData(
                **{key: value[i : i + 1] for key, value in fields.items()}
            )
            sample.set_metainfo(
                {'pred_body_model_id': self.body_model.body_model_id}
            )
        if self.test_cfg.get('output_attention', False):
            _add_attention(features, data_samples)
        return data_samples

    def _pose(self, prediction: MeshPrediction) -> dict:
        """Meshes and joints of a prediction, with its parameters."""
        body = self.body_model.neutral
        posed = body(
            betas=prediction.betas,
            body_pose=prediction.pose_rotmat[:, 1:],
            global_orient=prediction.pose_rotmat[:, :1],
            pose2rot=False,
        )
        fields = {
            k: v for k, v in prediction._asdict().items() if v is not None
        }
        fields.update(vertices=posed.vertices, joints=posed.joints)
        # Only evaluation needs them, and SMPL comes without the regressor.
        if body.has_joint_set('h36m_17'):
            fields['joints_h36m'] = body.joint_set(posed, 'h36m_17')
        return fields

    def _check_body_model(self, data_samples):
        """Betas of one body model mean nothing to another."""
        ours = self.body_model.body_model_id
        for sample in data_samples:
            theirs = sample.get('body_model_id', ours)
            if theirs != ours:
                raise BodyMismatchError(
                    f'{sample.get("img_path")} is annotated with body model '
                    f'{theirs!r}, but model.body_model is {ours!r}. Set '
                    'model.body_model.model_path to the body of the data set, '
                    'or train on data annotated with this body.'
                )


def _add_attention(features, data_samples):
    """Attach the maps that features are pooled by."""
    logits = {}
    if hasattr(features, 'part_logits'):
        logits['part_attention'] = features.part_logits[:, 1:]
    if hasattr(features, 'body_logits'):
        logits['body_attention'] = features.body_logits
    if not logits:
        raise MissingFeatureError(
            f'the features of this neck ({type(features).__name__}) hold no '
            'attention: take a network such as BoPR or PARE, or unset '
            'test_cfg.output_attention'
        )
    maps = {k: spatial_softmax(x.float()).cpu() for k, x in logits.items()}
    for i, sample in enumerate(data_samples):
        sample.pred_fields = PixelData(
            **{key: value[i] for key, value in maps.items()}
        )
