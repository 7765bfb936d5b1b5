"""Depth-composed rendering of meshes: layers and their joint z-buffer."""

from dataclasses import dataclass
from typing import NamedTuple, Sequence, Tuple

import numpy as np
import torch

from mmbopr.utils.meshes import facing_camera
from mmbopr.utils.rasterize import Fragments, barycentric, rasterize

from .viewpoint import Viewpoint


@dataclass
class Layer:
    """One mesh, rendered alone on a canvas that just holds it.

    Attributes:
        vertices: (1, V, 3) camera frame, metres.
        faces: (F, 3) long.
        K: (1, 4) intrinsics of the canvas.
        origin: Column and row of the canvas in the image.
        fragments: Its z-buffer, (1, h, w).
    """

    vertices: torch.Tensor
    faces: torch.Tensor
    K: torch.Tensor
    origin: Tuple[int, int]
    fragments: Fragments

    @property
    def silhouette_area(self) -> int:
        """Number of pixels it covers, also outside the image."""
        return int((self.fragments.face_index >= 0).sum())


def render_layer(
    vertices: np.ndarray,
    faces: torch.Tensor,
    viewpoint: Viewpoint,
    margin: float = 0.0,
) -> Layer:
    """Render a mesh alone.

    Args:
        vertices: (V, 3) camera frame, metres, in front of the camera.
        faces: (F, 3) long.
        viewpoint: The camera.
        margin: How far beyond the image the silhouette is followed, in image
            sides.

    Returns:
        Layer: the mesh's own z-buffer.
    """
    size = np.array(viewpoint.size)
    pixels = viewpoint.project(vertices)
    low = np.clip(np.floor(pixels.min(0)), -margin * size, size)
    high = np.clip(np.ceil(pixels.max(0)), 0, (1 + margin) * size)
    low, high = low.astype(int), np.maximum(high, low + 1).astype(int)
    K = viewpoint.K - [0, 0, *low]
    K = torch.from_numpy(K[None]).float()
    points = torch.from_numpy(vertices[None].astype(np.float32))
    width, height = (high - low).tolist()
    faces = facing_camera(points[0], faces)
    fragments = rasterize(points, faces, K, (height, width))
    return Layer(points, faces, K, tuple(low.tolist()), fragments)


class DepthBuffer(NamedTuple):
    """The composed scene.

    Attributes:
        owner: (H, W) index of the visible layer, -1 for the background.
        depth: (H, W) float32 metres, inf for the background.
    """

    owner: np.ndarray
    depth: np.ndarray


def _overlap(layer: Layer, shape: Tuple[int, int]):
    """Slices of the image and of the layer's canvas where they overlap."""
    extent = layer.fragments.depth.shape[1:][::-1]
    low = np.maximum(layer.origin, 0)
    high = np.minimum(np.add(layer.origin, extent), shape[::-1])
    high = np.maximum(high, low)
    image = slice(low[1], high[1]), slice(low[0], high[0])
    low, high = low - layer.origin, high - layer.origin
    canvas = slice(low[1], high[1]), slice(low[0], high[0])
    return image, canvas


def compose(layers: Sequence[Layer], size: Tuple[int, int]) -> DepthBuffer:
    """Resolve which layer is nearest at each pixel.

    Args:
        layers: In any order.
        size: Width and height of the image in pixels.

    Returns:
        DepthBuffer: of that size.
    """
    shape = size[::-1]
    owner = np.full(shape, -1, np.int16)
    depth = np.full(shape, np.inf, np.float32)
    for index, layer in enumerate(layers):
        image, canvas = _overlap(layer, shape)
        own = layer.fragments.depth[0].numpy()[canvas]
        nearer = own < depth[image]
        depth[image][nearer] = own[nearer]
        owner[image][nearer] = index
    return DepthBuffer(owner, depth)


def visible_surface(
    layer: Layer, index: int, buffer: DepthBuffer, attributes: torch.Tensor
) -> Tuple[Tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Interpolate vertex attributes where a layer is visible.

    Args:
        layer: The layer.
        index: Its index in ``buffer.owner``.
        buffer: The composed scene.
        attributes: (V, A) values at the vertices.

    Returns:
        tuple: rows and columns of the n pixels; their values
        (n, A) float32; and (n,) the nearest vertex of each.
    """
    image, canvas = _overlap(layer, buffer.owner.shape)
    seen = torch.from_numpy(buffer.owner[image] == index)
    face_index = torch.full_like(layer.fragments.face_index, -1)
    face_index[0][canvas][seen] = layer.fragments.face_index[0][canvas][seen]
    fragments = Fragments(face_index, layer.fragments.depth)
    weights = barycentric(fragments, layer.vertices, layer.faces, layer.K)
    rows, columns = (face_index[0] >= 0).nonzero(as_tuple=True)
    weights = weights[0, rows, columns]
    corners = layer.faces[face_index[0, rows, columns]]
    values = (attributes[corners] * weights[..., None]).sum(1)
    nearest = corners.gather(1, weights.argmax(1, keepdim=True))[:, 0]
    rows, columns = rows + layer.origin[1], columns + layer.origin[0]
    return (rows.numpy(), columns.numpy()), values.numpy(), nearest.numpy()
