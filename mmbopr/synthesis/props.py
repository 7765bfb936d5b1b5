"""Things that stand in a scene: boxes, posts, balls, seats."""

from dataclasses import dataclass
from typing import Tuple

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

_SIDES = 20  # of what is round
_SAMPLES = 8  # along either side of a face


@dataclass(frozen=True)
class Prop:
    """A textured convex object.

    Attributes:
        vertices: (V, 3) world frame, metres.
        faces: (F, 3) int64.
        texture: (V, 3) coordinates that its pattern is painted in, metres.
        seed: Chooses its colours and pattern.
    """

    vertices: np.ndarray
    faces: np.ndarray
    texture: np.ndarray
    seed: int


def _box() -> Tuple[np.ndarray, np.ndarray]:
    """A unit box on the ground; corners are not shared between sides."""
    corners, faces = [], []
    for axis in range(3):
        for side in (-0.5, 0.5):
            square = np.full((4, 3), side)
            square[:, (axis + 1) % 3] = [-0.5, 0.5, 0.5, -0.5]
            square[:, (axis + 2) % 3] = [-0.5, -0.5, 0.5, 0.5]
            first = 4 * len(corners)
            quad = [[0, 1, 2], [0, 2, 3]]
            faces += [
                [first + i for i in tri[:: int(2 * side)]] for tri in quad
            ]
            corners.append(square)
    vertices = np.concatenate(corners)
    vertices[:, 1] += 0.5
    return vertices, np.array(faces)


def _revolve(profile: np.ndarray):
    """A surface of revolution about y from (radius, height) pairs."""
    steps = _SIDES
    angle = np.arange(steps) * (2 * np.pi / steps)
    ring = np.stack([np.cos(angle), np.zeros(steps), -np.sin(angle)], -1)
    vertices = profile[:, None, :1] * ring
    vertices[..., 1] = profile[:, 1:]
    rows, columns = np.meshgrid(
        np.arange(len(profile) - 1), np.arange(steps), indexing='ij'
    )
    a = rows * steps + columns
    b = rows * steps + (columns + 1) % steps
    quads = [[a, b, a + steps], [b, b + steps, a + steps]]
    faces = np.concatenate([np.stack(q, -1).reshape(-1, 3) for q in quads])
    return vertices.reshape(-1, 3), faces


_POST = np.array([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], float)
_HALF_TURN = np.linspace(-np.pi / 2, np.pi / 2, 9)
_BALL = np.stack([np.cos(_HALF_TURN), 1 + np.sin(_HALF_TURN)], -1) / 2
_SHAPES = {
    'box': _box(),
    'post': _revolve(_POST),
    'ball': _revolve(_BALL),
}


def make_prop(
    rng: np.random.Generator,
    shape: str,
    size: Tuple[float, float, float],
    position: Tuple[float, float],
    turn: float = 0.0,
) -> Prop:
    """Place an object on the ground.

    Args:
        rng: Source of randomness (appearance only).
        shape: 'box', 'post' or 'ball'.
        size: Width, height and depth in metres.
        position: World x and z of its middle.
        turn: Rotation about the vertical, radians.

    Returns:
        Prop: the object.
    """
    unit, faces = _SHAPES[shape]
    scaled = unit * size
    turned = Rotation.from_euler('y', turn).apply(scaled)
    vertices = turned + np.array([position[0], 0.0, position[1]])
    seed = int(rng.integers(2**31))
    return Prop(vertices, faces, scaled, seed)


def surface_points(prop: Prop) -> np.ndarray:
    """Points (n, 3) spread over an object's faces, world frame, metres."""
    share = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    a, b = (grid.ravel() for grid in np.meshgrid(share, share))
    weights = np.stack([1 - a, a * (1 - b), a * b], -1)
    corners = prop.vertices[prop.faces]
    return np.einsum('pk,fkc->fpc', weights, corners).reshape(-1, 3)


def sample_occluder(
    rng: np.random.Generator, position: Tuple[float, float]
) -> Prop:
    """Furniture that may stand before somebody."""
    shape = ('box', 'box', 'post', 'ball')[rng.integers(4)]
    width, height = rng.uniform(0.25, 0.9), rng.uniform(0.35, 1.1)
    if shape == 'post':
        width, height = rng.uniform(0.1, 0.3), rng.uniform(1.0, 2.6)
    if shape == 'ball':
        height = width
    depth = width if shape != 'box' else rng.uniform(0.2, 0.6)
    turn = rng.uniform(-np.pi, np.pi)
    return make_prop(rng, shape, (width, height, depth), position, turn)


def prop_colours(prop: Prop, texture: np.ndarray) -> np.ndarray:
    """Paint an object.

    Args:
        prop: The object.
        texture: (n, 3) texture coordinates, metres.

    Returns:
        np.ndarray: (n, 3) float32 BGR.
    """
    rng = np.random.default_rng(prop.seed)
    hsv = np.uint8([[[rng.integers(180), rng.beta(1.5, 3) * 255,
                      rng.uniform(50, 235)]]])  # fmt: skip
    base = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0].astype(np.float32)
    frequency = rng.uniform(15, 60, 3) * (rng.random(3) < 0.5)
    wave = np.sin(texture * frequency + rng.uniform(0, 6, 3)).prod(-1)
    grain = np.sin(texture @ rng.normal(0, 90, 3))
    tone = 1 + rng.uniform(0, 0.25) * np.sign(wave) + 0.04 * grain
    return base * tone[:, None].astype(np.float32)
