"""Cameras of AGORA, which its pictures' names tell."""

from typing import Any, Dict, NamedTuple, Tuple

import numpy as np
from scipy.spatial.transform import Rotation

_SENSOR_WIDTH = 36.0  # mm; pictures are 16:9, pixels are square

# A body is turned by a quarter in the scans, and its y points up.
_SCAN_YAW = -90.0
_UPRIGHT = np.diag([1.0, -1.0, -1.0])
_FLOOR = np.array([0.0, -1.7, 0.0])  # metres, of scenes with a free camera


class Viewpoint(NamedTuple):
    """A camera of AGORA.

    Attributes:
        focal: Focal length in mm.
        position: (3,) in Unreal's axes, cm.
        yaw: Degrees.
        pitch: Degrees.
        floor: (3,) what is added to the position, metres, camera axes.
    """

    focal: float
    position: Tuple[float, float, float]
    yaw: float
    pitch: float
    floor: np.ndarray = np.zeros(3)


# Part of a picture's name -> its camera; the first that fits (AGORA's own
# evaluation).
_FIXED = {
    'hdri': Viewpoint(50, (0, 0, 170), 0, 0),
    'cam00': Viewpoint(18, (400, -275, 265), 135, 30),
    'cam01': Viewpoint(18, (400, 225, 265), -135, 30),
    'cam02': Viewpoint(18, (-490, 170, 265), -45, 30),
    'cam03': Viewpoint(18, (-490, -275, 265), 45, 30),
    'ag2': Viewpoint(28, (0, 0, 170), 0, 15),
}


def viewpoint_of(picture: str, free: Dict[str, Any]) -> Viewpoint:
    """The camera of a picture.

    Args:
        picture: Its name.
        free: ``camX``, ``camY``, ``camZ`` in cm and ``camYaw`` in degrees,
            for scenes whose camera is not fixed.
    """
    for part, viewpoint in _FIXED.items():
        if part in picture:
            return viewpoint
    position = tuple(float(free[f'cam{axis}']) for axis in 'XYZ')
    return Viewpoint(28, position, float(free['camYaw']), 0, _FLOOR)


def intrinsics_of(viewpoint: Viewpoint, width: int, height: int) -> np.ndarray:
    """(4,) fx, fy, cx, cy for a picture of that size in pixels."""
    focal = viewpoint.focal / _SENSOR_WIDTH * width
    return np.array([focal, focal, width / 2, height / 2])


def body_to_camera(
    viewpoint: Viewpoint, yaw: float, place: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """Where a scan stands before the camera.

    Args:
        viewpoint: The camera.
        yaw: Of the scan, degrees.
        place: (3,) its place in Unreal's axes, cm.

    Returns:
        tuple[np.ndarray, np.ndarray]: (3, 3) R and (3,) o in metres, such
        that a point x of the fitted body lies at R x + o in the camera
        frame.
    """
    turn = Rotation.from_euler('y', yaw + _SCAN_YAW, degrees=True)
    camera = Rotation.from_euler('x', viewpoint.pitch, degrees=True)
    camera *= Rotation.from_euler('y', -viewpoint.yaw, degrees=True)
    position = _from_unreal(viewpoint.position) + viewpoint.floor
    offset = camera.apply(_from_unreal(place) - position)
    return (camera * turn).as_matrix() @ _UPRIGHT, offset


def _from_unreal(point: Tuple[float, float, float]) -> np.ndarray:
    """Unreal's x forward, y right, z up in cm as OpenCV's axes in metres."""
    forward, right, up = point
    return np.array([right, -up, forward]) / 100
