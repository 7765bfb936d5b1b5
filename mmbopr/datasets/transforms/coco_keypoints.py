"""From our samples to those of MMPose's 2D pipelines."""

import numpy as np
from mmcv.transforms import BaseTransform

from mmbopr.registry import TRANSFORMS
from mmbopr.structures import COCO_17, COCO_17_FROM_SPIN_49

_FROM_SPIN_49 = np.array(COCO_17_FROM_SPIN_49)


@TRANSFORMS.register_module()
class AddCocoKeypoints(BaseTransform):
    """Give a sample what MMPose's 2D transforms and metrics read.

    With it, before MMPose's own transforms, any top-down network of MMPose
    for COCO-17 trains and is evaluated on our data sets.  Coordinates stay
    ours: pixels of the full image, pixel centres at +0.5.

    Required Keys:

        - keypoints_2d
        - bbox_center
        - bbox_scale
        - sample_idx

    Added Keys:

        - keypoints (1, 17, 2)
        - keypoints_visible (1, 17), the confidence
        - bbox (1, 4), left, top, right, bottom
        - bbox_score (1,)
        - flip_indices, id, img_id, category_id
    """

    def transform(self, results: dict) -> dict:
        """Add the keys; nothing else changes."""
        keypoints = results['keypoints_2d'][None, _FROM_SPIN_49]
        center, half = results['bbox_center'], results['bbox_scale'] / 2
        results.update(
            keypoints=keypoints[..., :2],
            keypoints_visible=keypoints[..., 2],
            bbox=np.concatenate([center - half, center + half], 1),
            bbox_score=np.ones(1, np.float32),
            flip_indices=list(COCO_17.flip_indices),
            id=results['sample_idx'],
            img_id=results['sample_idx'],
            category_id=1,
        )
        return results
