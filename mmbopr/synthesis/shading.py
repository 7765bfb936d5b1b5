"""Lights and the shadows that they throw on the ground."""

from typing import List, NamedTuple

import cv2
import numpy as np

from .viewpoint import Viewpoint


class Lighting(NamedTuple):
    """A key light, a weak fill light, and light from all around.

    Attributes:
        key: (3,) unit direction towards the light, world frame.
        ambient: Share of light from all around.
        tint: (3,) BGR colour of the light.
    """

    key: np.ndarray
    ambient: float
    tint: np.ndarray


def sample_lighting(rng: np.random.Generator) -> Lighting:
    """Light from above, in front or from the sides."""
    key = np.array([rng.normal(0, 0.6), 1.0, rng.normal(0.4, 0.5)])
    return Lighting(
        key=(key / np.linalg.norm(key)).astype(np.float32),
        ambient=rng.uniform(0.3, 0.6),
        tint=rng.uniform(0.88, 1.08, 3).astype(np.float32),
    )


def shade(
    colour: np.ndarray,
    normals: np.ndarray,
    lighting: Lighting,
    viewpoint: Viewpoint,
) -> np.ndarray:
    """Light surface samples.

    Args:
        colour: (n, 3) BGR.
        normals: (n, 3) outward, world frame, any length.
        lighting: The lights.
        viewpoint: The camera, for the darkening of grazing surfaces.

    Returns:
        np.ndarray: (n, 3) float32 BGR.
    """
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals / np.maximum(length, 1e-6)
    fill = lighting.key * np.float32([-1, 0.2, 1])
    light = lighting.ambient * (0.8 + 0.2 * normals[:, 1])
    light = light + (1.3 - lighting.ambient) * np.clip(
        normals @ lighting.key, 0, 1
    )
    light += 0.18 * np.clip(normals @ fill, 0, 1)
    facing = -normals @ viewpoint.rotation[2].astype(np.float32)
    light *= 0.75 + 0.25 * np.clip(facing, 0, 1)
    return colour * light[:, None] * lighting.tint


def shadow_mask(
    meshes: List[np.ndarray], lighting: Lighting, viewpoint: Viewpoint
) -> np.ndarray:
    """Soft shadows on the ground.

    Args:
        meshes: Vertices (V, 3) of what throws a shadow, world frame, metres.
        lighting: The lights.
        viewpoint: The camera.

    Returns:
        np.ndarray: (h, w) float32, 1 where lit, less in a shadow.
    """
    width, height = viewpoint.size
    coarse = (height // 2, width // 2)
    shadow = np.zeros(coarse, np.float32)
    slope = lighting.key / lighting.key[1]
    for points in meshes:
        spots = points - points[:, 1:2] * slope
        spots = viewpoint.to_camera(spots)
        front = spots[:, 2] > 0.2
        pixels = np.floor(viewpoint.project(spots[front]) / 2).astype(int)
        inside = ((pixels >= 0) & (pixels < coarse[::-1])).all(1)
        index = np.ravel_multi_index(pixels[inside].T[::-1], coarse)
        # What touches the ground throws the darkest shadow.
        weight = np.exp(-points[front, 1][inside] / 0.6)
        flat = np.bincount(index, weight, coarse[0] * coarse[1])
        flat = cv2.GaussianBlur(
            flat.reshape(coarse).astype(np.float32), (0, 0), 2.0
        )
        shadow = np.maximum(shadow, 1 - np.exp(-1.5 * flat))
    shadow = cv2.resize(shadow, (width, height))
    return 1 - (1 - lighting.ambient) * 0.9 * shadow
