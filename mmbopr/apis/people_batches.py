"""From pictures to batches of crops, over people and pictures."""

from itertools import pairwise
from typing import Iterable, Iterator, List, NamedTuple, Optional, Sequence

import numpy as np
from mmengine.dataset import Compose

from mmbopr.detection import BaseDetector, Detections
from mmbopr.structures.picture import Picture

from .person_inputs import check_intrinsics, load_person


class PeopleBatch(NamedTuple):
    """Pictures whose people go through the network together.

    Attributes:
        pictures: The pictures.
        detections: Who was found in each.
        crops: What the pipeline made of them, one a person, picture by
            picture.
        K: (4,) the camera of all, if it is known.
        max_crops: How many crops the network takes at a time.
    """

    pictures: List[Picture]
    detections: List[Detections]
    crops: List[dict]
    K: Optional[np.ndarray]
    max_crops: int

    def portions(self) -> List[List[dict]]:
        """The crops in portions of nearly equal size."""
        number = -(-len(self.crops) // self.max_crops)
        ends = [
            len(self.crops) * i // max(1, number) for i in range(number + 1)
        ]
        return [self.crops[a:b] for a, b in pairwise(ends)]


def batch_people(
    pictures: Iterable[Picture],
    detector: BaseDetector,
    pipeline: Compose,
    batch_size: int,
    K: Optional[Sequence[float]] = None,
) -> Iterator[PeopleBatch]:
    """Gather whole pictures until they have enough people.

    Every picture is decoded once for all its people, and only those of one
    batch are in memory.

    Args:
        pictures: The pictures.
        detector: Finds the people.
        pipeline: Of the config's ``test_dataloader.dataset``.
        batch_size: B, at least so many people make a batch; B pictures do,
            too, however few people are in them.
        K: (4,) fx, fy, cx, cy of all pictures in pixels, or the (3, 3) matrix;
            by default unknown.

    Yields:
        PeopleBatch: In order.

    Raises:
        ValueError: If ``batch_size`` is less than 1, or ``K`` no camera.
    """
    if not batch_size >= 1:
        raise ValueError(f'batch_size must be at least 1, found {batch_size}')
    if K is not None:
        K = check_intrinsics(K)
    batch = PeopleBatch([], [], [], K, batch_size)
    for picture in pictures:
        (found,) = detector.detect([picture])
        batch.pictures.append(picture)
        batch.detections.append(found)
        batch.crops.extend(
            _crops(picture, found, detector.margin, pipeline, K)
        )
        if max(len(batch.crops), len(batch.pictures)) >= batch_size:
            yield batch
            batch = PeopleBatch([], [], [], K, batch_size)
    if batch.pictures:
        yield batch


def _crops(picture, found: Detections, margin, pipeline, K) -> Iterator[dict]:
    for person, box in enumerate(found.crop_boxes(margin)):
        keypoints = found.keypoints
        yield load_person(
            pipeline,
            picture.img,
            box,
            K=K,
            keypoints=None if keypoints is None else keypoints[person],
        )
