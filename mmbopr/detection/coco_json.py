"""Boxes that a detector wrote to a file in COCO's format."""

import re
from pathlib import Path
from typing import Iterable, List, Sequence, Union

import numpy as np

from mmbopr.registry import TASK_UTILS
from mmbopr.structures import COCO_17
from mmbopr.structures.picture import Picture

from .base_detector import BOX_MARGIN, BaseDetector, Detections
from .coco_entries import read_coco_entries

_PERSON = 1  # COCO's category
_FRAME = re.compile(r'(.+)_\d{6,}')  # what it is called: video and number


@TASK_UTILS.register_module()
class CocoJsonDetector(BaseDetector):
    """Looks pictures up, by name without folder, in a file of COCO's.

    Frames of a video are called as their results are, see
    :func:`~mmbopr.structures.picture.file_stem`: ``film.mp4_000012``.

    Args:
        path: Either annotations (``images`` and ``annotations``) or a list
            of results ``{"image_id": ..., "bbox": [x, y, w, h], "score":
            ...}``.  A list has to name the picture, in ``file_name`` or
            ``image_id``; pictures that it does not name are without
            anybody.  ``keypoints`` (51 numbers) become prompts; other
            categories than 1 and crowds are left out.
        score_thr: Boxes below it are left out.
        margin: See the base class.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no such file, naming the entry; in
            :meth:`detect`, if its ``images`` lack a picture, or a list
            names no frame of a video.
    """

    def __init__(
        self,
        path: Union[str, Path],
        score_thr: float = 0.3,
        margin: float = BOX_MARGIN,
    ):
        super().__init__(margin)
        self.path = Path(path)
        self.score_thr = score_thr
        self._people, self._knows_all = read_coco_entries(self.path)
        self._check_boxes()
        frames = filter(None, map(_FRAME.fullmatch, self._people))
        self._videos = {frame[1] for frame in frames}

    def _check_boxes(self) -> None:
        for name, entries in self._people.items():
            for entry in entries:
                if not min(entry['bbox'][2:]) > 0:
                    raise ValueError(
                        f'{self.path}: {name} must have boxes [x, y, w, h] '
                        'with positive width and height, found '
                        f'{str(entry)[:200]}'
                    )

    def detect(self, pictures: Sequence[Picture]) -> List[Detections]:
        """See the base class."""
        return [self._look_up(picture) for picture in pictures]

    def _look_up(self, picture: Picture) -> Detections:
        name = picture.stem
        if self._knows_all and name not in self._people:
            raise ValueError(
                f'{picture.name}: {self.path} knows no picture {name!r}, but '
                f'{len(self._people)} others: add it to "images", also where '
                'nobody is'
            )
        if picture.frame is not None and self._people:
            self._check_video(picture)
        people = [x for x in self._people.get(name, ()) if self._is_wanted(x)]
        return Detections(
            _corners(entry['bbox'] for entry in people),
            np.float32([entry.get('score', 1.0) for entry in people]),
            _keypoints(people),
        )

    def _check_video(self, picture: Picture) -> None:
        if not self._videos or Path(picture.path).name in self._people:
            raise ValueError(
                f'{picture.path}: {self.path} names no frame of it, but '
                f'{min(self._people)!r}, say: call this frame {picture.stem!r}'
            )

    def _is_wanted(self, entry: dict) -> bool:
        return (
            entry.get('category_id', _PERSON) == _PERSON
            and not entry.get('iscrowd')
            and entry.get('score', 1.0) >= self.score_thr
        )


def _corners(boxes: Iterable[Sequence[float]]) -> np.ndarray:
    """(P, 4) left, top, right, bottom of x, y, w, h."""
    boxes = np.float32(list(boxes)).reshape(-1, 4)
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], 1)


def _keypoints(people: Sequence[dict]) -> Union[np.ndarray, None]:
    """(P, 17, 3), zero for people without; None if nobody has any."""
    if not any(person.get('keypoints') for person in people):
        return None
    empty = [0.0] * (3 * len(COCO_17))
    rows = [person.get('keypoints') or empty for person in people]
    keypoints = np.float32(rows).reshape(len(people), len(COCO_17), 3)
    # Annotations say 1 for hidden and 2 for visible; both are known.
    keypoints[..., 2] = keypoints[..., 2].clip(0, 1)
    return keypoints
