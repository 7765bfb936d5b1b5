"""What smoothing has to know of points and of rotations."""

from typing import Callable, NamedTuple

from torch import Tensor

from mmbopr.utils.rotation import (
    axis_angle_to_quaternion,
    invert_quaternion,
    multiply_quaternions,
    quaternion_to_axis_angle,
)


class Space(NamedTuple):
    """How values differ, and where a difference leads.

    Attributes:
        difference: Of a base (..., C) and a value (..., C): the step (..., D)
            from the one to the other, in the tangent space at the base.
        move: Of a base (..., C) and a step (..., D): the value (..., C).
    """

    difference: Callable[[Tensor, Tensor], Tensor]
    move: Callable[[Tensor, Tensor], Tensor]


def _rotation_between(base: Tensor, value: Tensor) -> Tensor:
    relative = multiply_quaternions(invert_quaternion(base), value)
    return quaternion_to_axis_angle(relative)


def _rotate_on(base: Tensor, step: Tensor) -> Tensor:
    return multiply_quaternions(base, axis_angle_to_quaternion(step))


# Unit quaternions of either sign; steps are rotation vectors in the frame
# that the base leads to, never longer than pi.
ROTATIONS = Space(_rotation_between, _rotate_on)
POINTS = Space(
    lambda base, value: value - base, lambda base, step: base + step
)
