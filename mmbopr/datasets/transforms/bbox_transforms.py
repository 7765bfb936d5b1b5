"""Augmentation and shape of the box, before anything is cut out."""

from typing import Tuple

import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness

from mmbopr.registry import TRANSFORMS


@TRANSFORMS.register_module()
class MeshRandomFlip(BaseTransform):
    """Decide whether :class:`MeshTopdownAffine` mirrors the sample.

    Added Keys:

        - flip

    Args:
        prob: Probability of mirroring.
    """

    def __init__(self, prob: float = 0.5):
        self.prob = prob

    @cache_randomness
    def _draw(self) -> bool:
        return bool(np.random.rand() < self.prob)

    def transform(self, results: dict) -> dict:
        """Set ``flip``; nothing is mirrored yet."""
        results['flip'] = self._draw()
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(prob={self.prob})'


@TRANSFORMS.register_module()
class MeshRandomBBoxTransform(BaseTransform):
    """Turn and resize the box as SPIN and PARE do.

    Both values are normal and clipped.  ``mmpose.RandomBBoxTransform`` draws
    from a normal distribution cut at one deviation instead; it may be put
    before this transform to shift boxes.

    Required Keys:

        - bbox_scale

    Modified Keys:

        - bbox_scale

    Added Keys:

        - bbox_rotation

    Args:
        rotation_std: Standard deviation, degrees.
        rotation_limit: Rotations are clipped to plus and minus this.
        rotation_prob: Probability of turning at all.
        scale_std: Standard deviation of the factor, whose mean is 1.
        scale_range: The factor is clipped to this range.
    """

    def __init__(
        self,
        rotation_std: float = 30.0,
        rotation_limit: float = 60.0,
        *,
        rotation_prob: float = 0.4,
        scale_std: float = 0.25,
        scale_range: Tuple[float, float] = (0.75, 1.25),
    ):
        self.rotation_std = rotation_std
        self.rotation_limit = rotation_limit
        self.rotation_prob = rotation_prob
        self.scale_std = scale_std
        self.scale_range = tuple(scale_range)

    @cache_randomness
    def _draw(self) -> Tuple[float, float]:
        """Rotation in degrees and scale factor."""
        rotation = np.random.normal(0, self.rotation_std)
        if np.random.rand() >= self.rotation_prob:
            rotation = 0.0
        factor = np.random.normal(1, self.scale_std)
        return (
            float(
                np.clip(rotation, -self.rotation_limit, self.rotation_limit)
            ),
            float(np.clip(factor, *self.scale_range)),
        )

    def transform(self, results: dict) -> dict:
        """Change the box."""
        rotation, factor = self._draw()
        results['bbox_rotation'] = np.full(1, rotation, np.float32)
        results['bbox_scale'] = results['bbox_scale'] * np.float32(factor)
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(rotation_std={self.rotation_std}, '
            f'rotation_limit={self.rotation_limit}, '
            f'rotation_prob={self.rotation_prob}, '
            f'scale_std={self.scale_std}, scale_range={self.scale_range})'
        )


@TRANSFORMS.register_module()
class NarrowSquareBBox(BaseTransform):
    """Give square boxes the aspect of the crop, by taking off their sides.

    :class:`MeshTopdownAffine` shows the whole box: in an upright crop, a
    square one with a band above and below.  Networks for upright crops were
    trained on boxes as high as the square and narrower, CLIFF's on (3/4 b, b)
    at 192 x 256.  People who lie across the picture lose hands and feet.

    Required Keys:

        - bbox_scale

    Modified Keys:

        - bbox_scale

    Args:
        input_size: (w, h) of the crop, pixels.
    """

    def __init__(self, input_size: Tuple[int, int]):
        self.input_size = tuple(input_size)

    def transform(self, results: dict) -> dict:
        """Narrow the box."""
        aspect = np.float32(self.input_size) / max(self.input_size)
        results['bbox_scale'] = results['bbox_scale'].max() * aspect[None]
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(input_size={self.input_size})'
