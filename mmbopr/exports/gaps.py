"""Frames in which a person was not found."""

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.structures import MeshTrack


def fill_gaps(track: MeshTrack) -> MeshTrack:
    """Every frame from the first to the last.

    Between frames that the person was found in, rotations follow the
    shortest arc at constant speed, all else a straight line.

    Args:
        track: With one frame or more.
    """
    found = np.asarray(track.frame)
    frame = np.arange(found[0], found[-1] + 1)
    after = np.searchsorted(found, frame)
    before = np.searchsorted(found, frame, 'right') - 1
    span = np.maximum(found[after] - found[before], 1)
    share = ((frame - found[before]) / span)[:, None]

    def on_a_line(rows):
        return rows[before] + share * (rows[after] - rows[before])

    def on_an_arc(rows):
        size = rows.shape[1] // 3
        ends = Rotation.from_rotvec(rows[after].reshape(-1, 3))
        start = Rotation.from_rotvec(rows[before].reshape(-1, 3))
        arc = (start.inv() * ends).as_rotvec() * share.repeat(size, 0)
        turned = start * Rotation.from_rotvec(arc)
        return turned.as_rotvec().reshape(-1, 3 * size)

    arcs = ('global_orient', 'body_pose')
    lines = ('betas', 'cam_t_full', 'K', 'bbox')
    return replace(
        track,
        frame=frame,
        **{name: on_an_arc(getattr(track, name)) for name in arcs},
        **{name: on_a_line(getattr(track, name)) for name in lines},
    )
