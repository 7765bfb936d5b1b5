"""From a scene to a picture with its depth buffer."""

from typing import Callable, List, NamedTuple

import cv2
import numpy as np
import torch

from mmbopr.utils.meshes import vertex_normals

from .appearance import dress, paint
from .backgrounds import paint_background
from .props import Prop, prop_colours, surface_points
from .render import (
    DepthBuffer,
    Layer,
    compose,
    render_layer,
    visible_surface,
)
from .rest_space import RestSpace
from .scene import PlacedPerson, Scene
from .shading import shade, shadow_mask


class Picture(NamedTuple):
    """A rendered scene.

    Attributes:
        image: (h, w, 3) uint8 BGR.
        layers: One per person, then one per prop.
        buffer: Which layer is seen where.
    """

    image: np.ndarray
    layers: List[Layer]
    buffer: DepthBuffer


class _Surface(NamedTuple):
    """What is drawn: a mesh in the world and how it is painted.

    ``attributes`` (V, 6) are texture coordinates and normals; ``paint`` maps
    texture coordinates (n, 3) and nearest vertices (n,) to BGR (n, 3).
    """

    vertices: np.ndarray
    faces: torch.Tensor
    attributes: torch.Tensor
    paint: Callable[[np.ndarray, np.ndarray], np.ndarray]


def _person_surface(placed: PlacedPerson, rest: RestSpace) -> _Surface:
    faces = torch.from_numpy(rest.faces)
    naked = placed.vertices.astype(np.float32)
    normals = vertex_normals(torch.from_numpy(naked), faces)
    outfit = placed.outfit
    template = torch.from_numpy(rest.vertices)
    return _Surface(
        vertices=dress(naked, normals.numpy(), outfit, rest),
        faces=faces,
        attributes=torch.cat([template, normals], 1),
        paint=lambda points, nearest: paint(
            points, rest.parts[nearest], outfit, rest
        ),
    )


def _prop_surface(prop: Prop) -> _Surface:
    faces = torch.from_numpy(prop.faces)
    vertices = torch.from_numpy(prop.vertices).float()
    normals = vertex_normals(vertices, faces)
    texture = torch.from_numpy(prop.texture).float()
    return _Surface(
        vertices=prop.vertices,
        faces=faces,
        attributes=torch.cat([texture, normals], 1),
        paint=lambda points, _: prop_colours(prop, points),
    )


def _surfaces(scene: Scene, rest: RestSpace) -> List[_Surface]:
    people = [_person_surface(p, rest) for p in scene.people]
    return people + [_prop_surface(p) for p in scene.props]


def render_scene(
    rng: np.random.Generator, scene: Scene, rest: RestSpace
) -> Picture:
    """Render a scene.

    Args:
        rng: Source of randomness of the background and the camera's noise.
        scene: What to render.
        rest: The body's template.

    Returns:
        Picture: the image and its depth buffer.
    """
    viewpoint = scene.viewpoint
    surfaces = _surfaces(scene, rest)
    layers = [
        render_layer(
            viewpoint.to_camera(surface.vertices),
            surface.faces,
            viewpoint,
            margin=1.0 if index < len(scene.people) else 0.0,
        )
        for index, surface in enumerate(surfaces)
    ]
    buffer = compose(layers, viewpoint.size)
    colour = np.zeros((*buffer.owner.shape, 3), np.float32)
    for index, (surface, layer) in enumerate(
        zip(surfaces, layers, strict=True)
    ):
        pixels, values, nearest = visible_surface(
            layer, index, buffer, surface.attributes
        )
        base = surface.paint(values[:, :3], nearest)
        colour[pixels] = shade(base, values[:, 3:], scene.lighting, viewpoint)
    image = _soft_overlay(colour, buffer.owner >= 0, _surroundings(rng, scene))
    return Picture(_photograph(rng, image), layers, buffer)


def _surroundings(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    """Background (h, w, 3) with the shadows that fall on its ground."""
    farthest = max(p.radius - p.position[2] for p in scene.people)
    background = paint_background(rng, scene.viewpoint, farthest)
    solids = [p.vertices[::3] for p in scene.people]
    solids += [surface_points(p) for p in scene.props]
    lit = shadow_mask(solids, scene.lighting, scene.viewpoint)
    lit[~background.ground] = 1
    return background.image * lit[..., None]


def _soft_overlay(
    colour: np.ndarray, mask: np.ndarray, background: np.ndarray
) -> np.ndarray:
    """Lay coloured pixels over a background with smooth outlines."""
    mask = mask.astype(np.float32)
    cover = cv2.GaussianBlur(mask, (3, 3), 0.6)
    spread = cv2.GaussianBlur(colour, (3, 3), 0.6)
    # Inside, the sharp colour; outside, what its neighbours spill over.
    front = np.where(mask[..., None] > 0, colour * cover[..., None], spread)
    return front + background * (1 - cover[..., None])


def _photograph(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Exposure, blur and sensor noise of a real camera."""
    image = image * rng.uniform(0.85, 1.15)
    if rng.random() < 0.35:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.1))
    noise = rng.standard_normal(image.shape, np.float32)
    image += noise * np.float32(rng.uniform(0, 6))
    return np.clip(image, 0, 255).astype(np.uint8)
