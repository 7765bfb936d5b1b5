"""Changes of the crop's pixels."""

from typing import List, NamedTuple, Tuple

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness

from mmbopr.registry import TRANSFORMS


@TRANSFORMS.register_module()
class RandomChannelGain(BaseTransform):
    """Multiply each colour channel by a gain (as PARE does).

    Required Keys:

        - img: (h, w, 3) uint8

    Modified Keys:

        - img

    Args:
        gain: Range that the three gains are drawn from.
        prob: Probability of changing the image.
    """

    def __init__(
        self, gain: Tuple[float, float] = (0.6, 1.4), prob: float = 1.0
    ):
        self.gain = tuple(gain)
        self.prob = prob

    @cache_randomness
    def _draw(self) -> np.ndarray:
        """(3,) gains."""
        gains = np.random.uniform(*self.gain, 3)
        return gains if np.random.rand() < self.prob else np.ones(3)

    def transform(self, results: dict) -> dict:
        """Apply the gains, rounded and clipped, through a table."""
        table = np.arange(256)[:, None] * self._draw()
        table = np.rint(table).clip(0, 255).astype(np.uint8)
        results['img'] = cv2.LUT(results['img'], table[None])
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(gain={self.gain}, prob={self.prob})'


class Occluder(NamedTuple):
    """A textured shape.

    Attributes:
        is_ellipse: Ellipse or rectangle.
        centre: (2,) crop pixels.
        half_size: (2,) half of its extents, pixels.
        angle: Its turn in radians.
        texture: (k, k, 3) uint8, stretched over the shape's bounding box.
    """

    is_ellipse: bool
    centre: np.ndarray
    half_size: np.ndarray
    angle: float
    texture: np.ndarray

    def covers(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Which points it hides.

        Args:
            x: Crop pixels, of any shape.
            y: Crop pixels, of a shape that broadcasts with ``x``.

        Returns:
            np.ndarray: Bool, of the broadcast shape.
        """
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        x, y = x - self.centre[0], y - self.centre[1]
        along = (cos * x + sin * y) / self.half_size[0]
        across = (cos * y - sin * x) / self.half_size[1]
        if self.is_ellipse:
            return along * along + across * across <= 1
        return np.maximum(abs(along), abs(across)) <= 1


@TRANSFORMS.register_module()
class SyntheticOcclusion(BaseTransform):
    """Paste procedural occluders: textured rectangles and ellipses.

    A stand-in that needs no data for the Pascal VOC objects of Sarandi et
    al., which PARE pastes; results with it are not results with those.
    Covered key points become invisible and keep their confidence, as the
    labels are amodal.

    Required Keys:

        - img: (h, w, 3) uint8
        - keypoints_2d, visible (optional)

    Modified Keys:

        - img
        - visible (optional)

    Args:
        prob: Probability of pasting any.
        count: Least and largest number of occluders.
        size: Range of their extents, as fractions of the longer side.
    """

    def __init__(
        self,
        prob: float = 1.0,
        *,
        count: Tuple[int, int] = (1, 7),
        size: Tuple[float, float] = (0.05, 0.35),
    ):
        self.prob = prob
        self.count = tuple(count)
        self.size = tuple(size)

    @cache_randomness
    def _draw(self, height: int, width: int) -> List[Occluder]:
        if np.random.rand() >= self.prob:
            return []
        return [
            self._draw_one(height, width)
            for _ in range(np.random.randint(self.count[0], self.count[1] + 1))
        ]

    def _draw_one(self, height: int, width: int) -> Occluder:
        extent = np.random.uniform(*self.size, 2) * max(height, width)
        cells = np.random.randint(2, 9)
        base = np.random.randint(0, 256, 3)
        contrast = np.random.randint(0, 128)
        texture = np.random.randint(-128, 128, (cells, cells, 3)) * contrast
        return Occluder(
            is_ellipse=bool(np.random.rand() < 0.5),
            centre=np.random.uniform(0, 1, 2) * (width, height),
            half_size=extent / 2,
            angle=np.random.uniform(0, np.pi),
            texture=(base + texture // 128).clip(0, 255).astype(np.uint8),
        )

    def transform(self, results: dict) -> dict:
        """Paste the occluders."""
        occluders = self._draw(*results['img'].shape[:2])
        if not occluders:
            return results
        img = results['img'].copy()
        for occluder in occluders:
            _paste(img, occluder)
        results['img'] = img
        if 'keypoints_2d' in results:
            x, y, _ = results['keypoints_2d'].T
            hidden = [occluder.covers(x, y) for occluder in occluders]
            results['visible'] = results['visible'] & ~np.any(hidden, 0)
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(prob={self.prob}, count={self.count}, '
            f'size={self.size})'
        )


def _paste(img: np.ndarray, occluder: Occluder) -> None:
    """Draw an occluder into (h, w, 3) uint8 in place."""
    limit = img.shape[1::-1]
    reach = np.linalg.norm(occluder.half_size)
    x0, y0 = np.floor(occluder.centre - reach).astype(int).clip(0, limit)
    x1, y1 = np.ceil(occluder.centre + reach).astype(int).clip(0, limit)
    if x1 <= x0 or y1 <= y0:
        return
    rows, columns = np.ogrid[y0:y1, x0:x1]
    covered = occluder.covers(columns + 0.5, rows + 0.5)
    texture = cv2.resize(
        occluder.texture,
        (int(x1 - x0), int(y1 - y0)),
        interpolation=cv2.INTER_CUBIC,
    )
    np.copyto(img[y0:y1, x0:x1], texture, where=covered[..., None])
