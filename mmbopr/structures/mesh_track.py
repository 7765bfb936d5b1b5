"""One person over time, as animations and studies of motion want it."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import List, Sequence, Union

import numpy as np

from mmbopr.utils.atomic import replace_when_complete
from mmbopr.utils.safe_npz import load_plain_npz

from .mesh_result import UNREADABLE, MeshResult

TRACK_FORMAT = 'mmbopr-track-1'


@dataclass(frozen=True, eq=False)
class MeshTrack:
    """A person followed through a video.

    Note: T: frames that the person was found in; there may be gaps. Frames
    of reference and units as in :class:`MeshResult`.

    Attributes:
        track_id: Who it is.
        fps: Frames a second of the video.
        body_model_id: The body model that the shape belongs to.
        frame: (T,) numbers of the frames, rising.
        K: (T, 4) fx, fy, cx, cy in pixels.
        global_orient: (T, 3) axis-angle, radians.
        body_pose: (T, 69) axis-angle.
        betas: (T, 10).
        cam_t_full: (T, 3) metres.
        bbox: (T, 4) left, top, right, bottom in pixels.
    """

    track_id: int
    fps: float
    body_model_id: str
    frame: np.ndarray
    K: np.ndarray
    global_orient: np.ndarray
    body_pose: np.ndarray
    betas: np.ndarray
    cam_t_full: np.ndarray
    bbox: np.ndarray

    def __len__(self) -> int:
        """How many frames the person was found in."""
        return len(self.frame)

    def save(self, path: Union[str, Path]) -> None:
        """Write an npz, whole or not at all."""
        content = {f.name: getattr(self, f.name) for f in fields(self)}
        facts = {
            k: content.pop(k) for k in ('track_id', 'fps', 'body_model_id')
        }
        facts = json.dumps(dict(format=TRACK_FORMAT, **facts))
        with (
            replace_when_complete(path) as temporary,
            open(temporary, 'wb') as file,
        ):
            np.savez_compressed(file, facts=facts, **content)

    @classmethod
    def load(cls, path: Union[str, Path]) -> 'MeshTrack':
        """Read what :meth:`save` wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is no track, or a damaged one.
        """
        try:
            arrays = load_plain_npz(path)
            facts = json.loads(str(arrays.pop('facts')))
            if facts.pop('format') != TRACK_FORMAT:
                raise KeyError('format')
            return cls(**facts, **arrays)
        except UNREADABLE as error:
            raise ValueError(
                f'{path} is no track of format {TRACK_FORMAT!r}, or a '
                f'damaged one ({error}): predict the video again'
            ) from error


def tracks_of(results: Sequence[MeshResult], fps: float) -> List[MeshTrack]:
    """Sort the people of a video's frames by who they are.

    Args:
        results: Of the frames, in order, with ``frame`` and ``track_id``.
        fps: Frames a second of the video.

    Returns:
        list[MeshTrack]: By rising ``track_id``.

    Raises:
        ValueError: If people are not tracked.
    """
    for result in results:
        if result.frame is None or result.track_id is None:
            raise ValueError(
                f'{result.img_path}: its people are not tracked; predict a '
                'video with a tracker'
            )
    results = [result for result in results if len(result)]
    if not results:
        return []
    owner = np.concatenate([r.track_id for r in results])
    names = ('global_orient', 'body_pose', 'betas', 'cam_t_full', 'bbox')
    rows = {n: np.concatenate([getattr(r, n) for r in results]) for n in names}
    counts = [len(r) for r in results]
    rows['frame'] = np.repeat([r.frame for r in results], counts)
    rows['K'] = np.repeat([r.K for r in results], counts, axis=0)
    return [
        MeshTrack(
            track_id=int(track),
            fps=float(fps),
            body_model_id=results[0].body_model_id,
            **{name: array[owner == track] for name, array in rows.items()},
        )
        for track in np.unique(owner)
    ]
