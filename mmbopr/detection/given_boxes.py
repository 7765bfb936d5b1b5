"""People that the caller knows of."""

from typing import Any, List, Optional, Sequence

import numpy as np

from mmbopr.structures import COCO_17
from mmbopr.structures.picture import Picture

from .base_detector import BOX_MARGIN, BaseDetector, Detections


class GivenBoxes(BaseDetector):
    """Hands out boxes or key points that are known, picture by picture.

    Where only key points are given, the box is what those with a confidence
    span.

    Args:
        boxes: A list entry a picture, in the order that they come in: (P, 4)
            left, top, right, bottom in pixels.  The array alone for one
            picture.
        keypoints: Likewise (P, 17, 3), COCO's, x and y in pixels and
            confidence, 0 where not given.
        margin: See the base class.

    Raises:
        ValueError: If neither is given, or not as described; in
            :meth:`detect`, if there are more pictures than entries, or a box
            lies outside of its picture.
    """

    def __init__(
        self,
        boxes: Optional[Sequence[np.ndarray]] = None,
        keypoints: Optional[Sequence[np.ndarray]] = None,
        margin: float = BOX_MARGIN,
    ):
        super().__init__(margin)
        if boxes is None and keypoints is None:
            raise ValueError('give boxes or keypoints, found neither')
        boxes, keypoints = _per_picture(boxes, 2), _per_picture(keypoints, 3)
        entries = keypoints if boxes is None else boxes
        boxes = [None] * len(entries) if boxes is None else boxes
        keypoints = [None] * len(entries) if keypoints is None else keypoints
        if len(boxes) != len(keypoints):
            raise ValueError(
                f'found boxes of {len(boxes)} pictures, but key points of '
                f'{len(keypoints)}'
            )
        self._entries = [
            _detections(*entry, f'picture {number}')
            for number, entry in enumerate(zip(boxes, keypoints, strict=True))
        ]
        self._next = 0

    def check_number(self, pictures: int) -> None:
        """Refuse another number of pictures than there are entries.

        Raises:
            ValueError: If they differ.
        """
        if pictures != len(self._entries):
            raise ValueError(
                f'found boxes or key points of {len(self._entries)} pictures, '
                f'but {pictures} pictures; give an entry for each, an empty '
                'one where nobody is'
            )

    def detect(self, pictures: Sequence[Picture]) -> List[Detections]:
        """See the base class."""
        first, self._next = self._next, self._next + len(pictures)
        if self._next > len(self._entries):
            extra = pictures[len(self._entries) - self._next]
            raise ValueError(
                f'{extra.name}: found no boxes for it; they are given for '
                f'{len(self._entries)} pictures only. Give an entry for each, '
                'an empty one where nobody is'
            )
        found = self._entries[first : self._next]
        for picture, people in zip(pictures, found, strict=True):
            _check_inside(picture, people)
        return found


def _check_inside(picture: Picture, people: Detections) -> None:
    """Require that each box shows something of its picture."""
    height, width = picture.img.shape[:2]
    left, top, right, bottom = people.boxes.T
    inside = (left < width) & (top < height) & (right > 0) & (bottom > 0)
    for person in np.flatnonzero(~inside)[:1]:
        raise ValueError(
            f'{picture.name}: it has {width}x{height} px, but person {person} '
            f'a box outside of it, {people.boxes[person].tolist()} (left, '
            'top, right, bottom)'
        )


def _per_picture(people: Any, dims: int) -> Any:
    """Put the people of a single picture into a list."""
    is_single = isinstance(people, np.ndarray) and people.ndim == dims
    return [people] if is_single else people


def _detections(boxes, keypoints, name: str) -> Detections:
    """Check what is given of one picture; derive the boxes if need be."""
    if keypoints is not None:
        shape = (-1, len(COCO_17), 3)
        keypoints = _array(keypoints, shape, f'keypoints of {name}')
    if boxes is None:
        boxes = _span(keypoints, name)
    boxes = _array(boxes, (-1, 4), f'boxes of {name}')
    bad = np.flatnonzero(~(boxes[:, 2:] > boxes[:, :2]).all(1))
    if len(bad):
        raise ValueError(
            f'boxes of {name}: expected left, top, right, bottom with right '
            f'> left and bottom > top, found {boxes[bad[0]].tolist()} for '
            f'person {bad[0]}'
        )
    if keypoints is not None and len(keypoints) != len(boxes):
        raise ValueError(
            f'{name} has {len(boxes)} boxes, but {len(keypoints)} sets of key '
            'points'
        )
    return Detections(boxes, np.ones(len(boxes), np.float32), keypoints)


def _array(value, shape, name: str) -> np.ndarray:
    array = np.asarray(value, np.float32)
    if array.size == 0:
        return array.reshape(0, *shape[1:])
    if array.shape[1:] != shape[1:] or not np.isfinite(array).all():
        wanted = ', '.join(map(str, ('people', *shape[1:])))
        raise ValueError(
            f'{name}: expected finite numbers in shape ({wanted}), found '
            f'shape {array.shape}'
        )
    return array


def _span(keypoints: np.ndarray, name: str) -> np.ndarray:
    """(P, 4) boxes around key points with a confidence."""
    known = keypoints[..., 2:] > 0
    if not (known.sum((1, 2)) >= 2).all():
        raise ValueError(
            f'keypoints of {name}: a person needs at least two with a '
            'confidence above 0, or a box'
        )
    low = np.where(known, keypoints[..., :2], np.inf).min(1)
    high = np.where(known, keypoints[..., :2], -np.inf).max(1)
    return np.concatenate([low, high], 1)
