"""2D key points that the network may look at, beside the pixels."""

from typing import NamedTuple

import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness

from mmbopr.registry import TRANSFORMS
from mmbopr.structures import COCO_17_FROM_SPIN_49


class _Draw(NamedTuple):
    """Random choices of one sample: noise (17, 2), kept (17,), whether any."""

    noise: np.ndarray
    kept: np.ndarray
    prompted: bool


@TRANSFORMS.register_module()
class RandomKeypointPrompts(BaseTransform):
    """Imitate a detector's key points, for training with prompts.

    Takes COCO-17 from the annotated joints that lie in the crop, moves them
    a little and forgets some, in part of the samples all of them: the network
    then also works without.  For evaluation, the annotation file's column
    ``keypoint_prompts`` has a detector's key points instead.

    Required Keys:

        - keypoints_2d, visible, input_size

    Added Keys:

        - keypoint_prompts: (17, 3) crop pixels and confidence, 0 = not given

    Args:
        prob: Probability that a sample has prompts.
        drop_prob: Probability of forgetting a key point.
        noise_std: Standard deviation of the displacement, as a share of the
            crop's longer side.
    """

    def __init__(
        self,
        prob: float = 0.7,
        drop_prob: float = 0.2,
        noise_std: float = 0.01,
    ):
        self.prob = prob
        self.drop_prob = drop_prob
        self.noise_std = noise_std

    @cache_randomness
    def _draw(self) -> _Draw:
        return _Draw(
            np.random.normal(0, self.noise_std, (17, 2)),
            np.random.rand(17) >= self.drop_prob,
            bool(np.random.rand() < self.prob),
        )

    def transform(self, results: dict) -> dict:
        """Draw the prompts."""
        draw = self._draw()
        joints = results['keypoints_2d'][list(COCO_17_FROM_SPIN_49)]
        seen = results['visible'][list(COCO_17_FROM_SPIN_49)]
        given = (joints[:, 2] > 0) & seen & draw.kept & draw.prompted
        xy = joints[:, :2] + draw.noise * max(results['input_size'])
        prompts = np.column_stack([xy, np.ones(17)]) * given[:, None]
        results['keypoint_prompts'] = prompts.astype(np.float32)
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(prob={self.prob}, '
            f'drop_prob={self.drop_prob}, noise_std={self.noise_std})'
        )
