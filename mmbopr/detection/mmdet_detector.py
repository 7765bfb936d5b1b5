"""Any detector of MMDetection."""

from typing import List, Optional, Sequence

import numpy as np

from mmbopr.registry import TASK_UTILS
from mmbopr.structures.picture import Picture

from .base_detector import BOX_MARGIN, BaseDetector, Detections

_PERSON = 0  # class of MMDetection's models for COCO


@TASK_UTILS.register_module()
class MMDetDetector(BaseDetector):
    """People found by a model of MMDetection.

    Args:
        model: Config file or name in MMDetection's model zoo.
        weights: Checkpoint; by default that of the zoo.
        score_thr: Least score.
        device: Where it runs.
        margin: See the base class.

    Raises:
        ImportError: If MMDetection is not installed.
    """

    def __init__(
        self,
        model: str = 'rtmdet-m',
        weights: Optional[str] = None,
        score_thr: float = 0.3,
        device: str = 'cpu',
        margin: float = BOX_MARGIN,
    ):
        super().__init__(margin)
        try:
            from mmdet.apis import DetInferencer
        except (ImportError, AssertionError) as error:
            raise ImportError(
                'MMDetDetector needs MMDetection: run pip install '
                '"mmdet>=3.0,<3.4", beside the full mmcv that matches torch '
                f'({error})'
            ) from error
        self.score_thr = score_thr
        self._inferencer = DetInferencer(
            model, weights, device, show_progress=False
        )

    def detect(self, pictures: Sequence[Picture]) -> List[Detections]:
        """See the base class."""
        answers = self._inferencer(
            [picture.img for picture in pictures], batch_size=len(pictures)
        )['predictions']
        return [self._people_of(answer) for answer in answers]

    def _people_of(self, answer: dict) -> Detections:
        scores = np.float32(answer['scores'])
        is_person = np.array(answer['labels'], int) == _PERSON
        keep = is_person & (scores >= self.score_thr)
        boxes = np.float32(answer['bboxes']).reshape(-1, 4)
        return Detections(boxes[keep], scores[keep])
