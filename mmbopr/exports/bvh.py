"""BVH: SMPL's skeleton and its motion, without the mesh."""

from pathlib import Path
from typing import Iterator

import numpy as np
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL
from mmbopr.structures import SMPL_24, MeshTrack

from .axes import Axes
from .gaps import fill_gaps
from .motion import children_of, motion_of

# Angles of a line in the file; a joint turns by Rz @ Rx @ Ry.
_ORDER = 'ZXY'
_POSITIONS = 'Xposition Yposition Zposition'
_ROTATIONS = 'Zrotation Xrotation Yrotation'


def write_bvh(
    path: Path, track: MeshTrack, body_model: SMPL, axes: Axes
) -> None:
    """Write the skeleton of the shaped body, and a line a video frame.

    Offsets are those of the body at rest, in metres; that of the root is
    zero, so that its position is where the pelvis is. The bones that end
    the limbs are as long as those before them. Frames in which the person
    was not found are interpolated. The format has no place for remarks.

    Args:
        path: The file.
        track: With one frame or more, of one shape.
        body_model: The body that it belongs to.
        axes: Of the file.
    """
    motion = motion_of(fill_gaps(track), body_model, axes)
    offsets = motion.offsets
    offsets[0] = 0
    order = list(_depth_first(0))
    angles = Rotation.from_rotvec(motion.rotations.reshape(-1, 3)).as_euler(
        _ORDER, degrees=True
    )
    # The same rotations, without jumps of a full turn.
    angles = np.unwrap(angles.reshape(-1, len(SMPL_24), 3), 180, 0, period=360)
    rows = np.concatenate(
        [motion.root, angles[:, order].reshape(len(angles), -1)], 1
    )
    with open(path, 'w', encoding='ascii', newline='\n') as file:
        file.write('HIERARCHY\n')
        file.writelines(f'{line}\n' for line in _joint_lines(0, offsets))
        file.write(f'MOTION\nFrames: {len(rows)}\n')
        file.write(f'Frame Time: {1 / track.fps:.9f}\n')
        np.savetxt(file, rows, '%.6f')


def _depth_first(joint: int) -> Iterator[int]:
    """The order of the file: each joint before its children."""
    yield joint
    for child in children_of(joint):
        yield from _depth_first(child)


def _joint_lines(joint: int, offsets: np.ndarray) -> Iterator[str]:
    """A joint with all that hangs on it."""
    kind, channels = 'JOINT', f'3 {_ROTATIONS}'
    if joint == 0:
        kind, channels = 'ROOT', f'6 {_POSITIONS} {_ROTATIONS}'
    offset = 'OFFSET {:.6f} {:.6f} {:.6f}'.format(*offsets[joint])
    yield f'{kind} {SMPL_24.names[joint]}'
    yield '{'
    yield f'  {offset}'
    yield f'  CHANNELS {channels}'
    for child in children_of(joint):
        yield from (f'  {line}' for line in _joint_lines(child, offsets))
    if not children_of(joint):
        yield from ('  End Site', '  {', f'    {offset}', '  }')
    yield '}'
