"""What a model says of one photo, with all that there is to see of it."""

from dataclasses import replace
from typing import NamedTuple, Optional, Sequence, Tuple

import cv2
import numpy as np

from mmbopr.apis import MeshInferencer
from mmbopr.apis.people_batches import batch_people
from mmbopr.detection import BaseDetector, GivenBoxes, build_detector
from mmbopr.structures import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.structures.predictions import MissingFeatureError
from mmbopr.visualization import AttentionMaps, gather_attention

_BATCH_SIZE = 8
_BLANK = 64  # px


class Answer(NamedTuple):
    """A photo and who is in it.

    Attributes:
        image: (H, W, 3) uint8 RGB, upright.
        result: Of the image.
        attention: Where the network looked; None if nobody was found, or for
            a model that pools by no attention.
    """

    image: np.ndarray
    result: MeshResult
    attention: Optional[AttentionMaps]

    def shrunk(self, size: int) -> 'Answer':
        """The same of a smaller image; screens have fewer pixels than photos.

        Args:
            size: Longer side in pixels; smaller images stay as they are.
        """
        image = shrink_image(self.image, size)
        if image is self.image:
            return self
        # Of x and y, which rounding makes a little different.
        zoom = np.divide(image.shape[1::-1], self.image.shape[1::-1])
        zoom = zoom.astype(np.float32)
        corners = np.tile(zoom, 2)
        result = replace(
            self.result,
            img_shape=image.shape[:2],
            K=self.result.K * corners,
            bbox=self.result.bbox * corners,
            keypoints_2d=self.result.keypoints_2d * zoom,
        )
        attention = self.attention
        if attention is not None:
            attention = attention._replace(crop=attention.crop * corners)
        return Answer(image, result, attention)


def shrink_image(image: np.ndarray, size: int) -> np.ndarray:
    """A copy of which the longer side is ``size`` pixels.

    Args:
        image: (H, W, 3) uint8; returned itself if it is not larger.
        size: Pixels.
    """
    height, width = image.shape[:2]
    zoom = size / max(height, width)
    if zoom >= 1:
        return image
    new = max(1, round(width * zoom)), max(1, round(height * zoom))
    return cv2.resize(image, new, interpolation=cv2.INTER_AREA)


class PhotoModel:
    """A model that is asked about photos, one after the other.

    Args:
        inferencer: The model; from now on its estimator gives its attention
            maps, if it has any.
        detector: Whom people choose first to find the people: a name of
            :data:`~mmbopr.detection.DETECTORS` or a json file of COCO's.

    Attributes:
        detectors: By name; those that need neither packages nor a download,
            and ``detector``.
    """

    def __init__(self, inferencer: MeshInferencer, detector: str = 'hog'):
        self.inferencer = inferencer
        self.body_model = inferencer.model.body_model.neutral
        names = dict.fromkeys((detector, 'hog', 'whole'))
        self.detectors = {name: build_detector(name) for name in names}
        self._ask_for_attention()

    def answer(
        self,
        picture: Picture,
        detector: str,
        boxes: Sequence[Sequence[float]] = (),
        K: Optional[Sequence[float]] = None,
    ) -> Answer:
        """Recover everybody in a photo.

        Args:
            picture: The photo.
            detector: Name of what finds the people.
            boxes: (P, 4) people that are known, left, top, right, bottom in
                pixels; with any, no detector is asked.
            K: (4,) fx, fy, cx, cy in pixels; by default the diagonal is
                taken for focal length.

        Raises:
            ValueError: If boxes or camera are none.
        """
        finder = self.detectors[detector]
        if len(boxes):
            finder = GivenBoxes([boxes])
        result, samples = self._recover(picture, finder, K)
        maps = [s for s in samples if 'pred_fields' in s]
        return Answer(
            np.ascontiguousarray(picture.img[..., ::-1]),
            result,
            gather_attention(maps) if maps else None,
        )

    def _recover(
        self, picture: Picture, detector: BaseDetector, K=None
    ) -> Tuple[MeshResult, list]:
        pipeline = self.inferencer.pipeline
        (batch,) = batch_people([picture], detector, pipeline, _BATCH_SIZE, K)
        (recovery,) = self.inferencer.forward(batch)
        return recovery.to_result(), recovery.samples

    def _ask_for_attention(self) -> None:
        """Try it on nothing, which also makes the first photo quick."""
        blank = Picture(np.zeros((_BLANK, _BLANK, 3), np.uint8), 'blank')
        test_cfg = self.inferencer.model.test_cfg
        test_cfg['output_attention'] = True
        try:
            self._recover(blank, self.detectors['whole'])
        except MissingFeatureError:
            test_cfg['output_attention'] = False
