"""From the pipeline's dictionary to tensors and data samples."""

from typing import Dict

import numpy as np
import torch
from mmcv.transforms import BaseTransform
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from mmbopr.registry import TRANSFORMS

_REQUIRED = (
    'img',
    'img_shape',
    'ori_shape',
    'input_size',
    'bbox_center',
    'bbox_scale',
    'bbox_rotation',
    'flip',
)
_LABELS = (
    'keypoints_2d',
    'keypoints_3d',
    'smpl_pose',
    'betas',
    'gender',
    'has_smpl',
    'has_keypoints_3d',
    'has_keypoints_2d',
    'has_segmentation',
)
_INSTANCES = ('occlusion', 'visible')
_META = (
    'img_path',
    'sample_idx',
    'ori_shape',
    'img_shape',
    'input_size',
    'flip',
    'K',
    'transl',
    'body_model_id',
    'dataset_name',
    'seq',
    'frame',
    'person',
)


@TRANSFORMS.register_module()
class PackMeshInputs(BaseTransform):
    """Pack a crop and its labels for the model.

    What losses read becomes tensors in ``gt_instance_labels``; what metrics
    and drawings read stays NumPy in ``gt_instances``; all with a leading
    dimension of 1.  2D key points and prompts are normalised to [-1, 1]
    here.  An image without any label, from an inferencer, gives empty labels;
    a part of the labels is an error.

    Required Keys:

        - img, img_shape, ori_shape, input_size
        - bbox_center, bbox_scale, bbox_rotation, flip
        - all or none of keypoints_2d, keypoints_3d, smpl_pose, betas,
          gender, has_smpl, has_keypoints_3d, has_keypoints_2d,
          has_segmentation, occlusion, visible
        - img_path, sample_idx, K, transl, body_model_id, dataset_name, seq,
          frame, person, keypoint_prompts (optional metainfo)

    Added Keys:

        - inputs: (3, h, w) uint8, BGR
        - data_samples: :class:`mmpose.structures.PoseDataSample`

    Raises:
        KeyError: If a required key is missing.
    """

    def transform(self, results: dict) -> dict:
        """Pack.

        Args:
            results: See the class.

        Returns:
            dict: ``inputs`` and ``data_samples`` only.
        """
        labelled = any(key in results for key in _LABELS)
        required = _REQUIRED + (_LABELS + _INSTANCES) * labelled
        missing = [key for key in required if key not in results]
        if missing:
            raise KeyError(
                f'PackMeshInputs needs {missing}; found {sorted(results)}. '
                f'Put MeshTopdownAffine before it, and give all labels or '
                f'none'
            )
        sample = PoseDataSample(metainfo=_metainfo(results))
        sample.gt_instances = InstanceData(bboxes=_boxes(results))
        sample.gt_instance_labels = InstanceData()
        if labelled:
            sample.gt_instances.set_data(
                {key: np.asarray(results[key])[None] for key in _INSTANCES}
            )
            sample.gt_instance_labels.set_data(_labels(results))
        inputs = np.ascontiguousarray(results['img'].transpose(2, 0, 1))
        return dict(inputs=torch.from_numpy(inputs), data_samples=sample)

    def __repr__(self) -> str:
        return f'{type(self).__name__}()'


def _metainfo(results: dict) -> dict:
    meta = {key: results[key] for key in _META if key in results}
    meta.setdefault('K', None)
    if 'keypoint_prompts' in results:
        prompts = results['keypoint_prompts']
        meta['keypoint_prompts'] = _normalise(prompts, results['input_size'])
    meta['bbox_center'] = results['bbox_center'][0]
    meta['bbox_scale'] = results['bbox_scale'][0]
    meta['bbox_rotation'] = float(results['bbox_rotation'][0])
    return meta


def _boxes(results: dict) -> np.ndarray:
    """(1, 4) x0, y0, x1, y1 of the unturned box, pixels."""
    centre, half = results['bbox_center'], results['bbox_scale'] / 2
    return np.concatenate([centre - half, centre + half], 1)


def _labels(results: dict) -> Dict[str, torch.Tensor]:
    """Labels as tensors with a leading dimension of 1."""
    labels = {key: np.asarray(results[key]) for key in _LABELS}
    labels['keypoints_2d'] = _normalise(
        labels['keypoints_2d'], results['input_size']
    )
    return {key: torch.as_tensor(x)[None] for key, x in labels.items()}


def _normalise(keypoints: np.ndarray, size) -> np.ndarray:
    """Crop pixels (K, 3) as normalised crop coordinates."""
    xy = keypoints[:, :2] * 2 / size - 1
    return np.column_stack([xy, keypoints[:, 2]]).astype(np.float32)
