"""Axis conventions of exported files; all of them right-handed, in metres."""

from typing import Any, Dict, NamedTuple

import numpy as np

from mmbopr.version import __version__

# Half a turn about x: from the camera frame, y down and z forward, to y up
# and z backward, the way SMPL's own frame stands.
Y_UP_FROM_CAMERA = np.diag([1.0, -1.0, -1.0])


class Axes(NamedTuple):
    """An axis convention.

    Attributes:
        name: Key in :data:`AXES`.
        description: Where x, y and z point, as the camera looks.
        from_y_up: (3, 3) rotation from x right, y up, z backward.
    """

    name: str
    description: str
    from_y_up: np.ndarray

    @property
    def from_camera(self) -> np.ndarray:
        """(3, 3) rotation from OpenCV's camera frame."""
        return self.from_y_up @ Y_UP_FROM_CAMERA

    def facts(self, body_model_id: str) -> Dict[str, Any]:
        """What a file says about itself.

        Args:
            body_model_id: The body whose mesh or shape it holds.
        """
        return dict(
            generator=f'mmbopr {__version__}',
            axis=self.name,
            axes=self.description,
            unit='metre',
            body_model_id=body_model_id,
        )


AXES: Dict[str, Axes] = {
    axes.name: axes
    for axes in (
        Axes('opencv', 'x right, y down, z forward', Y_UP_FROM_CAMERA),
        Axes('opengl', 'x right, y up, z backward', np.eye(3)),
        Axes(
            'blender',
            'x right, y forward, z up',
            np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
        ),
    )
}


def find_axes(name: str) -> Axes:
    """The axis convention of that name.

    Raises:
        ValueError: If there is none.
    """
    if name not in AXES:
        raise ValueError(f'axis is {name!r}, expected one of {list(AXES)}')
    return AXES[name]
