"""Error of the joints' acceleration along each person's track."""

import numpy as np

from .points import MM_PER_M, Array, check_pair, distances, list_rows


def acceleration_error(
    pred: Array, gt: Array, track: np.ndarray, frame: np.ndarray
) -> np.ndarray:
    """How jerkily a prediction moves, frame by frame (HMMR, VIBE).

    With a_t = x_(t-1) - 2 x_t + x_(t+1), the mean over joints of
    norm(a_pred - a_gt).  Only inner frames have one: those whose neighbours
    t - 1 and t + 1 are both there, so a gap in a track ends one run and
    begins another.  The figure of a data set is the mean over its inner
    frames.

    Args:
        pred: (N, J, 3) root-aligned joints in metres, rows in any order.
        gt: (N, J, 3) ground truth, aligned in the same way.
        track: (N,) label of the person within the sequence, any type.
        frame: (N,) integers, 1 apart for consecutive frames.

    Returns:
        np.ndarray: (N,) in mm/frame^2; NaN at frames that are not inner.

    Raises:
        ValueError: If a track holds a frame twice.
    """
    pred, gt = check_pair(pred, gt)
    track = np.unique(track, return_inverse=True)[1]
    frame = np.asarray(frame, np.int64)
    if track.shape != (len(pred),) or frame.shape != (len(pred),):
        raise ValueError(
            f'track and frame: expected shape ({len(pred)},), one entry a '
            f'sample, found {track.shape} and {frame.shape}'
        )
    order = np.lexsort((frame, track))
    follows = np.diff(track[order]) == 0
    step = np.diff(frame[order])
    twice = follows & (step == 0)
    if twice.any():
        raise ValueError(
            'frame: expected each frame of a track once, found one again in '
            f'rows {list_rows(order[1:][twice])}; two people share a track, '
            'or the data set repeats its rows'
        )
    follows &= step == 1
    offsets = (pred - gt)[order]
    bend = offsets[:-2] - 2 * offsets[1:-1] + offsets[2:]
    inner = follows[:-1] & follows[1:]
    errors = np.full(len(pred), np.nan)
    errors[order[1:-1][inner]] = MM_PER_M * distances(bend[inner]).mean(axis=1)
    return errors
