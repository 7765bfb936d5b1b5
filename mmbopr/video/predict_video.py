"""A video's people: found, followed, smoothed and drawn."""

import tempfile
from itertools import islice
from pathlib import Path
from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Union

import numpy as np
from mmengine.logging import print_log
from rich.progress import track as show_progress

from mmbopr.motion import smooth_track
from mmbopr.motion.smooth_track import Smoother
from mmbopr.structures import MeshResult, MeshTrack, tracks_of
from mmbopr.tracking import IoUTracker, Tracker

from .reader import VideoReader
from .tracked_results import apply_tracks, track_people
from .writer import open_video_writer

Draw = Callable[[np.ndarray, MeshResult], np.ndarray]


class VideoPrediction(NamedTuple):
    """What was found in a video.

    Attributes:
        results: One a frame, in order.
        tracks: One a person.
        track_files: Where the tracks were written.
        overlay_file: Where the drawn video was; None if it was not wanted.
        ended_early: Whether the video has less frames than it says.
    """

    results: List[MeshResult]
    tracks: List[MeshTrack]
    track_files: List[Path]
    overlay_file: Optional[Path]
    ended_early: bool


def predict_video(
    inferencer: Any,
    path: Union[str, Path],
    out_dir: Union[str, Path],
    *,
    tracker: Optional[Tracker] = None,
    smoother: Optional[Smoother] = None,
    draw: Optional[Draw] = None,
    fps: Optional[float] = None,
    **kwargs,
) -> VideoPrediction:
    """Recover everybody in a video over time.

    Writes ``tracks/track_ID.npz``, a :class:`MeshTrack` a person, and, with
    ``draw``, ``overlay.mp4``. The video is read a second time for it: in
    memory are a few frames, and all results; ``return_vertices`` makes these
    large.

    Args:
        inferencer: A :class:`~mmbopr.apis.MeshInferencer`.
        path: The video.
        out_dir: Where to write.
        tracker: Says who is who; by default an
            :class:`~mmbopr.tracking.IoUTracker` that waits a second.
        smoother: One of :data:`~mmbopr.motion.SMOOTHERS`; None leaves the
            motion as it was predicted.
        draw: Makes of a frame (H, W, 3) uint8 RGB and its result the picture
            to show, such as ``mmbopr.visualization.draw_overlay``.
        fps: How many frames a second to look at; all by default.
        **kwargs: For ``inferencer.stream``.

    Raises:
        FileNotFoundError: If there is no such video.
        OSError: If it cannot be read, or the folder not be written to.
    """
    video = VideoReader(path, fps)
    folder = Path(out_dir)
    _make_folder(folder / 'tracks')
    if tracker is None:
        tracker = IoUTracker(max_gap=round(video.output_fps))
    results = _predict(inferencer, video, tracker, kwargs)
    ended_early = video.ended_early
    tracks = tracks_of(results, video.fps)
    if smoother is not None:
        tracks = [smooth_track(track, smoother) for track in tracks]
        body_model = inferencer.model.body_model.neutral
        results = apply_tracks(results, tracks, body_model)
    files = _write_tracks(tracks, folder / 'tracks')
    overlay = None
    if draw is not None:
        overlay = folder / 'overlay.mp4'
        draw_video(video, results, draw, overlay)
    return VideoPrediction(results, tracks, files, overlay, ended_early)


def draw_video(
    video: VideoReader, results: Sequence[MeshResult], draw: Draw, path: Path
) -> None:
    """Write a video with its results drawn.

    Args:
        video: The frames.
        results: One a frame, in order.
        draw: See :func:`predict_video`.
        path: The new video, ``.mp4``.

    Raises:
        ValueError: If a result is of another frame.
        OSError: If the video cannot be written.
    """
    with open_video_writer(path, video.output_fps) as writer:
        frames = islice(video, len(results))
        pairs = zip(results, frames, strict=True)
        for result, picture in show_progress(pairs, 'Drawing', len(results)):
            if result.frame != picture.frame:
                raise ValueError(
                    f'{picture.name}: its result is of frame {result.frame}'
                )
            rgb = np.ascontiguousarray(picture.img[..., ::-1])
            drawn = draw(rgb, result)
            writer.write(drawn[..., ::-1])
    print_log(f'{path}: {writer.num_frames} frames, {writer.codec}', 'current')


def _predict(
    inferencer, video: VideoReader, tracker: Tracker, kwargs: dict
) -> List[MeshResult]:
    """Results of all frames, with who is who."""
    found = inferencer.stream(video, **kwargs)
    tracked, nobody = [], 0
    for result in show_progress(found, 'Inference', video.num_pictures):
        tracked.append(track_people(result, tracker))
        nobody += len(result) - len(tracked[-1])
    people = {number for result in tracked for number in result.track_id}
    print_log(
        f'{video.name}: {len(people)} people in {len(tracked)} frames; '
        f'{nobody} boxes left out that are too unsure to start a person',
        'current',
    )
    return tracked


def _make_folder(folder: Path) -> None:
    """Find out before the work whether its results can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()


def _write_tracks(tracks: Sequence[MeshTrack], folder: Path) -> List[Path]:
    """Write a file a person, in place of those of an earlier run."""
    files = [folder / f'track_{track.track_id:04d}.npz' for track in tracks]
    for track, file in zip(tracks, files, strict=True):
        track.save(file)
    for old in set(folder.glob('track_*.npz')) - set(files):
        old.unlink()
    return files
