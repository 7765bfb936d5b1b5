"""Procedural surroundings: rooms and landscapes, cast along pixel rays.

Floor, wall and sky are functions of where a pixel's ray meets them, so that
horizon, perspective and camera tilt agree with the people.
"""

from functools import lru_cache
from typing import NamedTuple, Tuple

import cv2
import numpy as np

from .viewpoint import Viewpoint

_TILE = 512  # a power of two


class Background(NamedTuple):
    """Surroundings of a scene.

    Attributes:
        image: (h, w, 3) float32 BGR, 0 to 255.
        ground: (h, w) bool, where the ground is seen.
    """

    image: np.ndarray
    ground: np.ndarray


@lru_cache(maxsize=1)
def _noise_tile() -> np.ndarray:
    """(512, 512) float32 fractal noise in [-1, 1] that tiles."""
    rng = np.random.default_rng(0)
    tile = np.zeros((_TILE, _TILE), np.float32)
    for octave in range(2, 9):
        cells = rng.uniform(-1, 1, (2**octave, 2**octave)).astype('f4')
        wrapped = np.pad(cells, 2, mode='wrap')
        scale = _TILE >> octave
        size = wrapped.shape[0] * scale
        large = cv2.resize(wrapped, (size, size), interpolation=cv2.INTER_AREA)
        large = cv2.GaussianBlur(large, (0, 0), max(scale / 2, 0.3))
        crop = slice(2 * scale, 2 * scale + _TILE)
        tile += large[crop, crop] * 0.75 ** (octave - 2)
    return tile / np.abs(tile).max()


def _noise(u: np.ndarray, v: np.ndarray, scale: float) -> np.ndarray:
    """Noise at plane coordinates in metres; ``scale`` metres per tile."""
    factor = np.float32(_TILE / scale)
    column, row = ((c * factor).astype(np.int32) for c in (u, v))
    wrap = _TILE - 1
    return _noise_tile().ravel()[(row & wrap) * _TILE + (column & wrap)]


def _colour(rng, saturation, value, hue=(0, 180)) -> np.ndarray:
    """A BGR colour from ranges of OpenCV's 8-bit HSV."""
    hsv = [[[rng.uniform(*span) for span in (hue, saturation, value)]]]
    bgr = cv2.cvtColor(np.uint8(hsv), cv2.COLOR_HSV2BGR)
    return bgr[0, 0].astype(np.float32)


def paint_background(
    rng: np.random.Generator, viewpoint: Viewpoint, farthest: float
) -> Background:
    """Draw the surroundings of a scene.

    Args:
        rng: Source of randomness.
        viewpoint: The camera.
        farthest: Distance of the farthest person in metres; walls stand
            behind it.

    Returns:
        Background: the picture and where its ground is.
    """
    rays = viewpoint.rays()
    height = viewpoint.position[1]
    down = np.minimum(rays[..., 1], -1e-4)
    travel = (height / -down).astype(np.float32)
    ground = rays[..., 1] < -1e-4
    x, z = rays[..., 0] * travel, rays[..., 2] * travel
    if rng.random() < 0.55:
        image, wall = _room_wall(rng, rays, travel, height, farthest)
        ground &= ~wall
    else:
        # What is far away may be soft: half the resolution will do.
        sky = _sky(rng, rays[::2, ::2])
        image = cv2.resize(sky, viewpoint.size)
    floor = _floor(rng, x[ground], z[ground], travel[ground])
    image[ground] = floor
    image *= rng.uniform(0.7, 1.1)
    return Background(np.clip(image, 0, 255), ground)


def _floor(rng, x, z, travel) -> np.ndarray:
    """Planks, tiles, or a rough ground; detail fades with distance."""
    base = _colour(rng, (5, 70), (80, 215))
    turn = rng.uniform(-0.5, 0.5)
    u = np.cos(turn) * x + np.sin(turn) * z
    v = np.cos(turn) * z - np.sin(turn) * x
    fade = np.clip(1.4 - travel / 14, 0.05, 1)
    kind = rng.integers(4)
    tone = 0.25 * rng.random() * _noise(u, v, rng.uniform(1.5, 5))
    if kind == 0:
        width = rng.uniform(0.1, 0.22)
        plank = np.floor(u / width)
        tone = tone + 0.18 * np.sin(plank * 12.9898 + np.floor(v / 1.3) * 4.1)
        tone += 0.1 * _noise(u * 6, v, 2.0)
        tone -= 0.25 * (np.abs(u / width - plank - 0.02) < 0.03)
    elif kind == 1:
        side = rng.uniform(0.25, 0.6)
        odd = (np.floor(u / side) + np.floor(v / side)) % 2
        tone = tone + rng.uniform(0.03, 0.3) * odd
        seam = np.minimum(u / side % 1, v / side % 1) < 0.04
        tone -= 0.2 * seam
    else:
        tone = tone + rng.uniform(0.2, 0.6) * _noise(v, u, rng.uniform(0.4, 2))
    light = np.clip(1.05 - travel / 60, 0.75, 1.05)
    return base * ((1 + tone * fade) * light)[:, None]


def _room_wall(
    rng, rays, travel, height, farthest
) -> Tuple[np.ndarray, np.ndarray]:
    """A back wall with what hangs on it."""
    turn = rng.normal(0, 0.25)
    distance = farthest + rng.uniform(0.8, 4)
    across = np.cos(turn) * rays[..., 0] + np.sin(turn) * rays[..., 2]
    towards = np.sin(turn) * rays[..., 0] - np.cos(turn) * rays[..., 2]
    reach = distance / np.maximum(towards, 0.05)
    wall = reach < np.where(rays[..., 1] < -1e-4, travel, np.inf)
    u, v = across * reach, height + rays[..., 1] * reach
    base = _colour(rng, (5, 90), (90, 235))
    tone = rng.uniform(0, 0.2) * _noise(u, v, rng.uniform(1, 4))
    if rng.random() < 0.3:
        tone = tone + 0.1 * (np.sin(u * rng.uniform(15, 60)) > 0)
    if rng.random() < 0.2:  # bricks or wall tiles
        course = np.floor(v / 0.12)
        joint = np.minimum(v / 0.12 - course, (u / 0.3 + 0.5 * course) % 1)
        tone = tone - 0.2 * (joint < 0.1)
    image = base * (1 + tone)[..., None].astype(np.float32)
    for _ in range(rng.integers(0, 6)):
        _hang_panel(rng, image, u, v, distance)
    image[(v < 0.1) & wall] = _colour(rng, (0, 60), (40, 240))
    shade = 1 - 0.06 * np.clip(np.abs(u) / 3, 0, 2)
    return image * shade[..., None], wall


def _hang_panel(rng, image, u, v, distance) -> None:
    """A picture, window, door or cupboard on the wall, in place."""
    middle = rng.uniform(-0.5, 0.5) * distance
    half = rng.uniform(0.2, 0.8)
    bottom = rng.choice([0.0, rng.uniform(0.7, 1.6)])
    top = bottom + rng.uniform(0.4, 1.9)
    du, dv = half - np.abs(u - middle), np.minimum(v - bottom, top - v)
    depth = np.minimum(du, dv)
    panel = depth > 0
    frame = _colour(rng, (0, 150), (20, 240))
    inner = _colour(rng, (0, 170), (30, 250))
    second = _colour(rng, (0, 170), (30, 250))
    blend = 0.5 + 0.5 * _noise(u[panel], v[panel], rng.uniform(0.5, 3))
    image[panel] = inner + (second - inner) * blend.reshape(-1, 1)
    image[panel & (depth < rng.uniform(0.02, 0.07))] = frame


def _sky(rng, rays) -> np.ndarray:
    """Sky, clouds, and hills or houses along the horizon."""
    level = np.hypot(rays[..., 0], rays[..., 2])
    rise = rays[..., 1] / level
    azimuth = np.arctan2(rays[..., 0], -rays[..., 2])
    zenith = _colour(rng, (10, 150), (140, 245), hue=(95, 120))
    horizon = 0.5 * zenith + 0.5 * _colour(rng, (0, 40), (200, 250))
    share = np.clip(rise / 0.5, 0, 1)[..., None]
    image = horizon + (zenith - horizon) * share
    cloud = _noise(azimuth, rise * 2.5, rng.uniform(0.8, 1.6))
    cloud = np.clip(cloud * 2 - rng.uniform(-0.2, 0.6), 0, 1)[..., None]
    image = image + (245 - image) * cloud * 0.7
    for layer in range(rng.integers(1, 4)):
        tone = _colour(rng, (10, 100), (50, 180), hue=(5, 110))
        offset = rng.uniform(0, 10)
        place = azimuth + offset
        line = _skyline(rng, place) * (1.6 - 0.45 * layer)
        solid = rise < line
        grain = _noise(place[solid], rise[solid], rng.uniform(0.1, 0.5))
        image[solid] = tone * (1 + 0.25 * grain.reshape(-1, 1))
    return image.astype(np.float32)


def _skyline(rng, azimuth) -> np.ndarray:
    """Height over distance of hills or of houses."""
    if rng.random() < 0.5:
        waves = sum(np.sin(azimuth * k + k) / k for k in (3, 7, 16, 37))
        return 0.08 + 0.2 * waves
    house = np.floor(azimuth * rng.uniform(4, 14))
    return 0.1 + 0.09 * np.sin(house * 78.233)
