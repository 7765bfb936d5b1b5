"""Boxes that overlap where a person is expected are that person."""

from typing import Optional

import numpy as np
from scipy.optimize import linear_sum_assignment

from mmbopr.registry import TASK_UTILS

from .box_filter import BoxFilter


@TASK_UTILS.register_module()
class IoUTracker:
    """Assigns boxes to expected boxes by their overlap (SORT, ICIP 2016).

    Everybody is expected to go on with constant velocity. The assignment is
    the one with the greatest sum of overlaps; sure boxes come first and
    unsure ones take what is left, so that a half-hidden person is kept
    without one being invented (ByteTrack, ECCV 2022). The same boxes always
    give the same ids.

    Args:
        min_iou: Overlap below which a box is somebody else, 0 to 1.
        start_score: Score from which a box starts a person.
        keep_score: Score from which a box continues one.
        max_gap: For how many frames, of those that are looked at, a person
            can be missing and come back.
    """

    def __init__(
        self,
        min_iou: float = 0.2,
        start_score: float = 0.5,
        keep_score: float = 0.1,
        max_gap: int = 30,
    ):
        if not 0 < min_iou < 1:
            raise ValueError(f'expected min_iou in (0, 1), found {min_iou}')
        if keep_score > start_score:
            raise ValueError(
                f'expected keep_score {keep_score} up to start_score '
                f'{start_score}'
            )
        if max_gap < 0:
            raise ValueError(f'expected max_gap >= 0, found {max_gap}')
        self.min_iou = min_iou
        self.start_score = start_score
        self.keep_score = keep_score
        self.max_gap = max_gap
        self._boxes = BoxFilter()
        self._ids = np.zeros(0, np.int64)
        self._missed = np.zeros(0, np.int64)
        self._num_ids = 0
        self._frame = -1

    def update(
        self,
        frame_index: int,
        bboxes: np.ndarray,
        scores: np.ndarray,
        keypoints: Optional[np.ndarray] = None,
    ) -> np.ndarray:
        """Name the people of the next frame; see :class:`Tracker`.

        Key points are not looked at.

        Raises:
            ValueError: If the frame is not behind the last one.
        """
        if frame_index <= self._frame:
            raise ValueError(
                f'frame {frame_index} comes after frame {self._frame}: take '
                'a new tracker for every video'
            )
        bboxes = np.asarray(bboxes, np.float64).reshape(-1, 4)
        scores = np.asarray(scores)
        self._forget()
        self._boxes.predict(frame_index - self._frame)
        self._frame = frame_index
        owners = self._assign(bboxes, scores)
        known = owners >= 0
        self._boxes.correct(owners[known], bboxes[known])
        self._missed += 1
        self._missed[owners[known]] = 0
        new = ~known & (scores >= self.start_score)
        owners[new] = self._add(bboxes[new])
        return np.append(self._ids, -1)[owners]

    def _forget(self) -> None:
        """Give up people who were missing for too long."""
        kept = self._missed <= self.max_gap
        self._boxes = self._boxes.select(kept)
        self._ids = self._ids[kept]
        self._missed = self._missed[kept]

    def _assign(self, bboxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """Row of the person (P,) whose each box is; -1 for nobody's."""
        overlap = box_iou(bboxes, self._boxes.boxes)
        overlap[overlap < self.min_iou] = 0
        owners = np.full(len(bboxes), -1)
        sure = scores >= self.start_score
        for chosen in (sure, ~sure & (scores >= self.keep_score)):
            rows = np.flatnonzero(chosen)
            free = np.setdiff1d(np.arange(len(self._ids)), owners)
            part = overlap[np.ix_(rows, free)]
            i, j = linear_sum_assignment(part, maximize=True)
            real = part[i, j] > 0
            owners[rows[i[real]]] = free[j[real]]
        return owners

    def _add(self, bboxes: np.ndarray) -> np.ndarray:
        """Rows of new people, from the left of the picture."""
        count = len(bboxes)
        order = np.argsort(bboxes[:, 0], kind='stable')
        ids = np.empty(count, np.int64)
        ids[order] = self._num_ids + np.arange(count)
        rows = len(self._ids) + np.arange(count)
        self._num_ids += count
        self._boxes.add(bboxes)
        self._ids = np.append(self._ids, ids)
        self._missed = np.append(self._missed, np.zeros(count, np.int64))
        return rows


def box_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Overlap over union of every pair.

    Args:
        first: (N, 4) left, top, right, bottom.
        second: (M, 4) likewise.

    Returns:
        np.ndarray: (N, M), 0 for pairs without area.
    """
    corner = np.maximum(first[:, None, :2], second[None, :, :2])
    other = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = (other - corner).clip(0).prod(-1)
    areas = [(x[:, 2:] - x[:, :2]).clip(0).prod(-1) for x in (first, second)]
    union = areas[0][:, None] + areas[1] - common
    return common / np.where(union > 0, union, 1)
