"""What every finder of people does."""

from abc import ABCMeta, abstractmethod
from dataclasses import dataclass
from typing import List, Optional, Sequence

import numpy as np

from mmbopr.structures.picture import Picture

# Training crops are squares of 1.2 times the extent of the joints (SPIN); that
# is 1.18 times the extent of the whole person (median of 400 open people).
BOX_MARGIN = 1.2


@dataclass(frozen=True, eq=False)
class Detections:
    """The people of one picture.

    Note: P: people.

    Attributes:
        boxes: (P, 4) left, top, right, bottom in pixels, tight around them.
        scores: (P,) how sure the detector is, 0 to 1.
        keypoints: (P, 17, 3) COCO key points, x and y in pixels and
            confidence, where the detector finds them.
    """

    boxes: np.ndarray
    scores: np.ndarray
    keypoints: Optional[np.ndarray] = None

    def __len__(self) -> int:
        """How many people."""
        return len(self.boxes)

    def crop_boxes(self, margin: float) -> np.ndarray:
        """What the network is to look at.

        Args:
            margin: Side of the crops over the longer side of the boxes.

        Returns:
            np.ndarray: (P, 4) left, top, width and height of squares.
        """
        low, high = self.boxes[:, :2], self.boxes[:, 2:]
        side = margin * (high - low).max(1, keepdims=True)
        corner = (low + high) / 2 - side / 2
        return np.concatenate([corner, side, side], 1)


class BaseDetector(metaclass=ABCMeta):
    """Finds people in pictures.

    A detector of your own needs this one method::

        @TASK_UTILS.register_module()
        class MyDetector(BaseDetector):
            def detect(self, pictures):
                return [Detections(boxes, scores) for ...]

    Args:
        margin: Side of the crop that is cut around a box, over the box's
            longer side.
    """

    def __init__(self, margin: float = BOX_MARGIN):
        if not margin > 0:
            raise ValueError(f'margin must be positive, found {margin}')
        self.margin = margin

    @abstractmethod
    def detect(self, pictures: Sequence[Picture]) -> List[Detections]:
        """Find the people.

        Args:
            pictures: Any number, of any sizes.

        Returns:
            list[Detections]: One a picture; empty where nobody is found.
        """
