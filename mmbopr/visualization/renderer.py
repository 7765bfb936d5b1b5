"""Shaded pictures of bodies, drawn by the z-buffer: no OpenGL needed."""

from typing import Iterator, NamedTuple, Optional, Tuple

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mmbopr.utils.meshes import facing_camera, vertex_normals
from mmbopr.utils.rasterize import rasterize

from .colors import person_colors

SUPERSAMPLING = 2
NEAR = 0.01
# Directions towards the lights in the camera frame (y down, z forward) and
# their strengths: a key light from the upper left, a fill from the right.
_LIGHTS = torch.tensor([[-0.45, -0.65, -0.7], [0.8, -0.1, -0.6]])
_STRENGTHS = torch.tensor([0.56, 0.2])
_SKY, _GROUND = 0.40, 0.24
_GLOSS, _SHININESS = 0.16, 24.0
_WHITE = 255
# Rows of pixels drawn at a time.
_STRIP = 96


class Region(NamedTuple):
    """Pixels [top, bottom) x [left, right) of an image."""

    top: int
    bottom: int
    left: int
    right: int


def render_meshes(
    image: np.ndarray,
    vertices: Tensor,
    faces: Tensor,
    K: Tensor,
    colors: Optional[Tensor] = None,
    alpha: float = 0.92,
) -> np.ndarray:
    """Draw shaded people over an image, nearer ones in front.

    All people share one z-buffer, so they hide each other where they do in
    space. Edges are anti-aliased.

    Note: P: people, possibly none, V: vertices, F: faces.

    Args:
        image: (H, W, 3) uint8.
        vertices: (P, V, 3) metres, camera frame; what is behind the camera
            is not seen.
        faces: (F, 3) long, the same for everyone, counter-clockwise seen
            from outside; faces seen from inside are not drawn.
        K: (4,) intrinsics fx, fy, cx, cy of ``image`` in pixels.
        colors: Per person (P, 3) or per vertex (P, V, 3), 0-255, channels
            ordered as in ``image``; ``person_colors`` by default.
        alpha: Opacity of the people.

    Returns:
        np.ndarray: (H, W, 3) uint8, a new image.

    Raises:
        ValueError: If the shapes are not as above.
    """
    _check_shapes(image, vertices, K)
    image = image.copy()
    if not len(vertices):
        return image
    vertices = vertices.detach().float().cpu()
    K = K.detach().float().cpu()
    if colors is None:
        colors = person_colors(len(vertices))
    colors = torch.as_tensor(colors, dtype=torch.float32)
    if colors.dim() == 2:
        colors = colors[:, None].expand_as(vertices)
    vertices, lit, faces = _build_scene(vertices, faces.cpu(), colors)
    for region in _visible_strips(vertices, K, image.shape[:2]):
        # Premultiplied: a half covered pixel is half the people's.
        people, coverage = _draw(vertices, lit, faces, K, region)
        window = image[region.top : region.bottom, region.left : region.right]
        blended = window * (1 - alpha * coverage) + alpha * people
        window[...] = np.rint(blended).clip(0, 255)
    return image


def _check_shapes(image, vertices, K):
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(
            f'image must be (H, W, 3) uint8, got {image.shape} {image.dtype}'
        )
    if vertices.dim() != 3 or vertices.shape[2] != 3:
        raise ValueError(
            'vertices must be (people, vertices, 3), got '
            f'{tuple(vertices.shape)}; add a leading dimension for one person'
        )
    if K.shape != (4,):
        raise ValueError(
            'K must be one row (fx, fy, cx, cy), got shape '
            f'{tuple(K.shape)}; people in one image share its camera'
        )


def _build_scene(vertices, faces, colors):
    """All people as one mesh: vertices, their lit colours, faces seen.

    Bodies are closed, so faces that look away are always hidden: leaving
    them out halves the work.
    """
    count, size = vertices.shape[:2]
    lit = [_shade(v, faces, c) for v, c in zip(vertices, colors, strict=True)]
    vertices = vertices.flatten(0, 1)
    faces = (faces + size * torch.arange(count)[:, None, None]).flatten(0, 1)
    return vertices, torch.cat(lit), facing_camera(vertices, faces)


def _shade(vertices, faces, colors):
    """Colours (V, 3) of one person under the lights."""
    normal = vertex_normals(vertices, faces)
    view = F.normalize(-vertices, dim=-1)
    lights = F.normalize(_LIGHTS, dim=-1)
    diffuse = (normal @ lights.T).clamp_min(0) @ _STRENGTHS
    up = (1 - normal[:, 1]) / 2
    ambient = _GROUND + (_SKY - _GROUND) * up
    halfway = F.normalize(view + lights[0], dim=-1)
    gloss = (normal * halfway).sum(-1).clamp_min(0) ** _SHININESS
    lit = colors * (ambient + diffuse)[:, None]
    return (lit + _WHITE * _GLOSS * gloss[:, None]).clamp(0, 255)


def _visible_strips(vertices, K, image_size) -> Iterator[Region]:
    """Cut the rectangle of pixels that may show the vertices in strips.

    Strips keep the working set in the cache.
    """
    height, width = image_size
    front = vertices[:, 2] > NEAR
    left, top, right, bottom = 0, 0, width, height
    # A surface through the near plane may reach any pixel.
    if front.all():
        pixels = vertices[:, :2] / vertices[:, 2:] * K[:2] + K[2:]
        low = pixels.amin(0).floor().clamp_min(0)
        left, top = low.int().tolist()
        high = torch.minimum(
            pixels.amax(0).ceil(), K.new_tensor([width, height])
        )
        right, bottom = high.int().tolist()
    if front.any() and right > left:
        for row in range(top, bottom, _STRIP):
            yield Region(row, min(row + _STRIP, bottom), left, right)


def _draw(vertices, lit, faces, K, region) -> Tuple[np.ndarray, np.ndarray]:
    """Premultiplied colour (h, w, 3), 0-255, and coverage (h, w, 1)."""
    scale = SUPERSAMPLING
    K = (K - K.new_tensor([0, 0, region.left, region.top])) * scale
    height = (region.bottom - region.top) * scale
    width = (region.right - region.left) * scale
    fragments = rasterize(
        vertices[None], faces, K[None], (height, width), NEAR
    )
    face_index = fragments.face_index.flatten()
    seen = (face_index >= 0).nonzero().squeeze(1)
    y = seen // width
    pixel = torch.stack([seen - y * width, y], 1) + 0.5
    depth = fragments.depth.flatten().index_select(0, seen)[:, None]
    point = torch.cat([(pixel - K[2:]) / K[:2] * depth, depth], 1)
    face = face_index.index_select(0, seen)
    layer = torch.zeros(height * width, 4)
    layer[seen, :3] = _color_at(point, face, vertices[faces], lit[faces])
    layer[seen, 3] = 1.0
    size = width // scale, height // scale
    layer = layer.view(height, width, 4).numpy()
    layer = cv2.resize(layer, size, interpolation=cv2.INTER_AREA)
    return layer[..., :3], layer[..., 3:]


def _color_at(point, face, corners, colors):
    """Colours (M, 3) at points on faces, from those (F, 3, 3) at corners."""
    a, b, c = corners.unbind(1)
    ab, ac = b - a, c - a
    normal = torch.linalg.cross(ab, ac)
    area = (normal * normal).sum(-1, keepdim=True).clamp_min(1e-20)
    # How the weights of b and c grow with the point; once a face, since
    # there are many more points than faces.
    slope_b = torch.linalg.cross(ac, normal) / area
    slope_c = torch.linalg.cross(normal, ab) / area
    base, towards_b, towards_c = colors.unbind(1)
    table = [a, slope_b, slope_c, base, towards_b - base, towards_c - base]
    rows = torch.cat(table, 1).index_select(0, face)
    a, slope_b, slope_c, base, towards_b, towards_c = rows.split(3, 1)
    offset = point - a
    for slope, towards in ((slope_b, towards_b), (slope_c, towards_c)):
        x, y, z = (offset * slope).unbind(1)
        weight = (x + y + z).clamp(0, 1)
        base = base + weight[:, None] * towards
    return base
