"""From people found in frames to tracks, and back."""

from collections import defaultdict
from dataclasses import replace
from typing import Dict, List, Sequence

import numpy as np
import torch
from torch import Tensor

from mmbopr.body_models import SMPL, check_body
from mmbopr.structures import MeshResult, MeshTrack
from mmbopr.tracking import Tracker
from mmbopr.utils.camera import perspective_project

_PARAMETERS = ('global_orient', 'body_pose', 'betas', 'cam_t_full')


def track_people(result: MeshResult, tracker: Tracker) -> MeshResult:
    """Tell who the people of the next frame are.

    Args:
        result: Of the frame, with its number.
        tracker: Which saw the frames before.

    Returns:
        MeshResult: With ``track_id``, without boxes that the tracker takes
        for nobody.
    """
    ids = tracker.update(
        result.frame, result.bbox, result.bbox_score, result.keypoints_2d
    )
    known = ids >= 0
    rows = {name: rows[known] for name, rows in result.arrays().items()}
    return replace(result, **rows | dict(track_id=ids[known]))


def apply_tracks(
    results: Sequence[MeshResult],
    tracks: Sequence[MeshTrack],
    body_model: SMPL,
    batch_size: int = 256,
) -> List[MeshResult]:
    """Give the people of frames the motion of their tracks.

    Args:
        results: Which the tracks were made of.
        tracks: Smoothed, of all their frames; who is in none stays as is.
        body_model: The body that they belong to; its device is used.
        batch_size: Bodies that are posed together.

    Returns:
        list[MeshResult]: With the tracks' parameters, and joints, key points
        and, if the results have them, vertices that agree with them.

    Raises:
        ValueError: If the body is another one, or a track is of other frames.
    """
    counts = [len(result) for result in results]
    if not sum(counts):
        return list(results)
    first = results[0]
    check_body(first.img_path, first.body_model_id, body_model)
    rows = {
        name: np.concatenate([getattr(result, name) for result in results])
        for name in (*_PARAMETERS, 'track_id')
    }
    owners = rows.pop('track_id')
    frames = np.repeat([result.frame for result in results], counts)
    K = np.repeat([result.K for result in results], counts, axis=0)
    for track in tracks:
        chosen = owners == track.track_id
        if not np.array_equal(frames[chosen], track.frame):
            raise ValueError(
                f'track {track.track_id} is of other frames than the results'
            )
        for name, array in rows.items():
            array[chosen] = getattr(track, name)
    with_vertices = any(x.vertices is not None for x in results)
    rows |= _pose(rows, K, body_model, batch_size, with_vertices)
    ends = np.cumsum(counts)[:-1]
    parts = {name: np.split(array, ends) for name, array in rows.items()}
    return [
        replace(result, **{k: parts[k][i] for k in parts})
        for i, result in enumerate(results)
    ]


@torch.inference_mode()
def _pose(
    rows: Dict[str, np.ndarray],
    K: np.ndarray,
    body: SMPL,
    batch_size: int,
    with_vertices: bool,
) -> Dict[str, np.ndarray]:
    """Joints of bodies, where the camera sees them, and vertices if wanted."""
    tensors = {
        name: torch.from_numpy(array).to(body.v_template).split(batch_size)
        for name, array in dict(rows, K=K).items()
    }
    posed: Dict[str, List[Tensor]] = defaultdict(list)
    for i, K_part in enumerate(tensors.pop('K')):
        part = {name: pieces[i] for name, pieces in tensors.items()}
        transl = part.pop('cam_t_full')
        bodies = body(**part, return_verts=with_vertices)
        seen = bodies.joints + transl[:, None]
        posed['joints'].append(bodies.joints)
        posed['keypoints_2d'].append(perspective_project(seen, K_part))
        if with_vertices:
            posed['vertices'].append(bodies.vertices)
    return {k: torch.cat(parts).cpu().numpy() for k, parts in posed.items()}
