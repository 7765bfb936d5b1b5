"""Tracks put together again as the frames of their video."""

from typing import List, NamedTuple, Sequence, Tuple

import numpy as np

from mmbopr.structures import MeshTrack


class TrackFrame(NamedTuple):
    """What tracks tell of one frame: a part of a ``MeshResult``.

    Attributes:
        frame: Its number.
        fps: Frames a second of the video.
        track_id: (P,) who is in it.
        img_path: Empty; tracks do not know the video,
        img_shape: nor its size: height and width that ``K`` is the middle of.
        body_model_id: As in ``MeshResult``, like all that follows.
    """

    frame: int
    fps: float
    track_id: np.ndarray
    img_path: str
    img_shape: Tuple[float, float]
    body_model_id: str
    K: np.ndarray
    global_orient: np.ndarray
    body_pose: np.ndarray
    betas: np.ndarray
    cam_t_full: np.ndarray


_ROWS = ('K', 'global_orient', 'body_pose', 'betas', 'cam_t_full')


def frames_of_tracks(tracks: Sequence[MeshTrack]) -> List[TrackFrame]:
    """The inverse of :func:`~mmbopr.structures.tracks_of`.

    Args:
        tracks: Of one video.

    Returns:
        list[TrackFrame]: Of the frames that somebody was found in, in order.

    Raises:
        ValueError: If the tracks are on different bodies.
    """
    bodies = sorted({track.body_model_id for track in tracks})
    if len(bodies) != 1:
        raise ValueError(
            f'tracks {[t.track_id for t in tracks]} are on the bodies '
            f'{bodies}: show those of one body at a time'
        )
    rows = {
        name: np.concatenate([getattr(track, name) for track in tracks])
        for name in _ROWS
    }
    numbers = np.concatenate([track.frame for track in tracks])
    owner = np.repeat([t.track_id for t in tracks], [len(t) for t in tracks])
    frames = []
    for number in np.unique(numbers):
        here = {name: array[numbers == number] for name, array in rows.items()}
        K = here.pop('K')[0]
        frames.append(
            TrackFrame(
                frame=int(number),
                fps=tracks[0].fps,
                track_id=owner[numbers == number],
                img_path='',
                img_shape=(2 * float(K[3]), 2 * float(K[2])),
                body_model_id=bodies[0],
                K=K,
                **here,
            )
        )
    return frames
