"""The crop that carries all labels along."""

from typing import Tuple

import numpy as np
from mmcv.transforms import BaseTransform
from scipy.spatial.transform import Rotation

from mmbopr.registry import TRANSFORMS
from mmbopr.structures import COCO_17, J24, SMPL_24, SPIN_49

from .crop import crop_matrix, warp_crop, warp_points, zoom_of

_SPIN_49_FLIP = np.array(SPIN_49.flip_indices)
_COCO_17_FLIP = np.array(COCO_17.flip_indices)
_J24_FLIP = np.array(J24.flip_indices)
_SMPL_24_FLIP = np.array(SMPL_24.flip_indices)


@TRANSFORMS.register_module()
class MeshTopdownAffine(BaseTransform):
    """Cut out the box, turned and mirrored, by one warp, labels included.

    Before, all labels are those of the full image; afterwards

    * ``keypoints_2d`` and ``visible`` belong to the crop (pixels; points
      outside are not visible, their confidence stays);
    * ``keypoints_3d`` and ``smpl_pose`` are mirrored and turned by
      Rz(-rotation) about the camera's axis.  That is exact for people on the
      optical axis and the usual approximation elsewhere;
    * ``bbox_center``, ``K`` and ``transl`` belong to the mirrored full
      image, as after MMPose's flip.  ``transl`` becomes NaN, unknown, when
      the crop is turned: the turn is about the pelvis, whose place only the
      body model knows.

    Required Keys:

        - img
        - bbox_center
        - bbox_scale
        - img_reduction, ori_shape, bbox_rotation, flip (optional)
        - keypoints_2d, visible, keypoints_3d, smpl_pose, transl, K (optional)
        - keypoint_prompts: (17, 3) COCO-17 of a detector, pixels and
          confidence (optional)

    Modified Keys:

        - img
        - img_shape
        - bbox_center
        - bbox_scale: what the crop shows, in the aspect of ``input_size``
        - keypoints_2d, visible, keypoints_3d, smpl_pose, transl, K,
          keypoint_prompts

    Added Keys:

        - input_size
        - bbox_rotation, flip

    Args:
        input_size: (w, h) of the crop, pixels.
    """

    def __init__(self, input_size: Tuple[int, int] = (224, 224)):
        self.input_size = tuple(input_size)

    def transform(self, results: dict) -> dict:
        """Warp image and labels."""
        flip = results.setdefault('flip', False)
        rotation = results.setdefault('bbox_rotation', np.zeros(1, np.float32))
        rotation = float(rotation[0])
        matrix = crop_matrix(
            results['bbox_center'][0],
            results['bbox_scale'][0],
            rotation,
            flip,
            self.input_size,
        )
        self._warp_image(results, matrix)
        _warp_keypoints(results, matrix, flip, self.input_size)
        _turn_body(results, matrix, flip, rotation)
        if flip:
            _mirror_camera(results)
        shown = np.array(self.input_size) / zoom_of(matrix)
        results['bbox_scale'] = shown[None].astype(np.float32)
        results['input_size'] = self.input_size
        return results

    def _warp_image(self, results: dict, matrix: np.ndarray) -> None:
        reduction = results.pop('img_reduction', 1)
        results.setdefault('ori_shape', results['img'].shape[:2])
        matrix = matrix * [reduction, reduction, 1]
        results['img'] = warp_crop(results['img'], matrix, self.input_size)
        results['img_shape'] = results['img'].shape[:2]

    def __repr__(self) -> str:
        return f'{type(self).__name__}(input_size={self.input_size})'


def _warp_keypoints(
    results: dict, matrix: np.ndarray, flip: bool, size: Tuple[int, int]
) -> None:
    """Take 2D key points, their visibility and prompts into the crop."""
    if 'keypoint_prompts' in results:
        prompts = results['keypoint_prompts']
        prompts = prompts[_COCO_17_FLIP] if flip else prompts
        points = warp_points(prompts[:, :2], matrix)
        prompts = np.column_stack([points, prompts[:, 2]])
        results['keypoint_prompts'] = prompts.astype(np.float32)
    if 'keypoints_2d' not in results:
        return
    keypoints, visible = results['keypoints_2d'], results['visible']
    if flip:
        keypoints, visible = keypoints[_SPIN_49_FLIP], visible[_SPIN_49_FLIP]
    points = warp_points(keypoints[:, :2], matrix).astype(np.float32)
    inside = ((points >= 0) & (points < size)).all(1)
    results['keypoints_2d'] = np.column_stack([points, keypoints[:, 2]])
    results['visible'] = visible & inside


def _turn_body(
    results: dict, matrix: np.ndarray, flip: bool, rotation: float
) -> None:
    """Mirror and turn what is given in camera axes."""
    if 'keypoints_3d' in results:
        joints = results['keypoints_3d'].copy()
        if flip:
            joints = joints[_J24_FLIP]
        turn = matrix[:, :2] / zoom_of(matrix)
        joints[:, :2] = joints[:, :2] @ turn.T
        results['keypoints_3d'] = joints
    if 'smpl_pose' in results:
        pose = results['smpl_pose'].copy()
        if flip:
            pose = pose[_SMPL_24_FLIP] * np.float32([1, -1, -1])
        turn = Rotation.from_euler('z', -rotation, degrees=True)
        pose[0] = (turn * Rotation.from_rotvec(pose[0])).as_rotvec()
        results['smpl_pose'] = pose
    if rotation and 'transl' in results:
        results['transl'] = np.full_like(results['transl'], np.nan)


def _mirror_camera(results: dict) -> None:
    """Describe the mirrored full image instead of the image."""
    width = results['ori_shape'][1]
    mirror = np.float32([-1, 1])
    offset = np.float32([width, 0])
    results['bbox_center'] = results['bbox_center'] * mirror + offset
    if results.get('K') is not None:
        fx, fy, cx, cy = results['K']
        results['K'] = np.float32([fx, fy, width - cx, cy])
    if 'transl' in results:
        results['transl'] = results['transl'] * np.float32([-1, 1, 1])
