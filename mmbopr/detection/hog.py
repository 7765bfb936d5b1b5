"""OpenCV's detector of pedestrians, which comes with its weights."""

from typing import List, Sequence

import cv2
import numpy as np

from mmbopr.registry import TASK_UTILS
from mmbopr.structures.picture import Picture

from .base_detector import BOX_MARGIN, BaseDetector, Detections

_WINDOW = (64, 128)  # px that the classifier looks at
# It was trained on people of 96 px in windows of 128.
_PERSON_IN_WINDOW = 96 / 128
_STRIDE = (8, 8)
_ZOOM = 1.05


@TASK_UTILS.register_module()
class HOGDetector(BaseDetector):
    """Histograms of gradients (Dalal & Triggs): no download, but weak.

    It finds people who stand upright, whole and unoccluded; it misses most
    others and takes some poles and doors for people.  Good enough to try a
    model out; for work, take a detector that was trained on COCO, or boxes
    of your own.

    Args:
        score_thr: Least score; scores are logistic in the classifier's margin.
        nms_thr: Boxes that overlap a better one by more are left out.
        max_size: Longer side in pixels that larger pictures are shrunk to.
        margin: See the base class.
    """

    def __init__(
        self,
        score_thr: float = 0.6,
        nms_thr: float = 0.3,
        max_size: int = 640,
        margin: float = BOX_MARGIN,
    ):
        super().__init__(margin)
        self.score_thr = score_thr
        self.nms_thr = nms_thr
        self.max_size = max_size
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(cv2.HOGDescriptor_getDefaultPeopleDetector())

    def detect(self, pictures: Sequence[Picture]) -> List[Detections]:
        """See the base class."""
        return [self._detect(picture.img) for picture in pictures]

    def _detect(self, img: np.ndarray) -> Detections:
        shrink = min(1.0, self.max_size / max(img.shape[:2]))
        if shrink < 1:
            img = cv2.resize(
                img, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA
            )
        windows, margins = self._hog.detectMultiScale(
            _at_least_a_window(img), winStride=_STRIDE, scale=_ZOOM
        )
        boxes = np.float32(windows).reshape(-1, 4)
        scores = 1 / (1 + np.exp(-np.float32(margins).reshape(-1)))
        keep = cv2.dnn.NMSBoxes(boxes, scores, self.score_thr, self.nms_thr)
        keep = np.asarray(keep, int).reshape(-1)
        centre = boxes[keep, :2] + boxes[keep, 2:] / 2
        half = boxes[keep, 2:] / 2 * _PERSON_IN_WINDOW
        boxes = np.concatenate([centre - half, centre + half], 1)
        return Detections(boxes / np.float32(shrink), scores[keep])


def _at_least_a_window(img: np.ndarray) -> np.ndarray:
    """Pad to the right and below: OpenCV crashes on less than a window."""
    missing = np.maximum(np.array(_WINDOW) - img.shape[1::-1], 0)
    right, bottom = missing.tolist()
    return cv2.copyMakeBorder(img, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
