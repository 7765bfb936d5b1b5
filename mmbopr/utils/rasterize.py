"""An exact, batched z-buffer in plain torch.

Triangles are rasterised in homogeneous coordinates: the edge functions of a
triangle are linear in the pixel's ray also where the triangle reaches behind
the camera, so the near plane needs no clipping, only a depth test per pixel.
Works on any device, without OpenGL or compiled extensions.
"""

from typing import NamedTuple, Tuple

import torch
from torch import Tensor

_NO_HIT = torch.iinfo(torch.int64).max
_INDEX_BITS = 32


class Fragments(NamedTuple):
    """What the z-buffer holds.

    Attributes:
        face_index: (N, H, W) long, the visible face, -1 for background.
        depth: (N, H, W) z of the visible surface in metres, inf for
            background.
    """

    face_index: Tensor
    depth: Tensor


def rasterize(
    vertices: Tensor,
    faces: Tensor,
    K: Tensor,
    image_size: Tuple[int, int],
    near: float = 0.01,
) -> Fragments:
    """Find the nearest face at every pixel centre.

    Both sides of a face are visible.  Memory grows with the area of the
    triangles' bounding boxes, summed over the batch.

    Args:
        vertices: (N, V, 3) in the camera frame, metres.
        faces: (F, 3) long.
        K: (N, 4) intrinsics (fx, fy, cx, cy) in pixels.
        image_size: (height, width) of the image.
        near: Surfaces nearer than this z (metres) are not seen.

    Returns:
        Fragments: per-pixel faces and depths.
    """
    height, width = image_size
    sample, face, low, extent = _candidates(
        vertices, faces, K, image_size, near
    )
    triangle = vertices[sample[:, None], faces[face]]
    corner, scale = _homogeneous(triangle, K[sample], low, near)
    edges, weight = _edge_functions(corner, scale)

    # One row per (triangle, pixel of its bounding box).
    count = extent[:, 0] * extent[:, 1]
    row = torch.repeat_interleave(count)
    start = count.cumsum(0) - count
    offset = torch.arange(len(row), device=row.device)
    offset = offset - start.index_select(0, row)
    box_width = extent[:, 0].index_select(0, row)
    dy = offset // box_width
    dx = offset - dy * box_width
    ray = torch.stack([dx + 0.5, dy + 0.5], -1).to(vertices)
    edge = edges.index_select(0, row)
    bary = torch.baddbmm(edge[..., 2:], edge[..., :2], ray[..., None])
    bary = bary.squeeze(-1)
    # Column by column: reducing over three numbers a row is slow.
    a, b, c = (bary * weight.index_select(0, row)).unbind(-1)
    inverse_depth = a + b + c
    a, b, c = (bary >= 0).unbind(-1)
    inside = a & b & c & (inverse_depth > 0) & (inverse_depth <= 1 / near)

    hit = inside.nonzero().squeeze(1)
    row, dx, dy, inverse_depth = (
        x.index_select(0, hit) for x in (row, dx, dy, inverse_depth)
    )
    first = (sample * height + low[:, 1]) * width + low[:, 0]
    pixel = first.index_select(0, row) + dy * width + dx
    shape = len(vertices), height, width
    return _resolve(pixel, 1 / inverse_depth, face.index_select(0, row), shape)


def _candidates(vertices, faces, K, image_size, near):
    """Triangles that may touch a pixel centre, with their pixel boxes.

    Returns sample (T,), face (T,), low (T, 2) x, y of the first pixel and
    extent (T, 2) width, height in pixels.
    """
    last_pixel = K.new_tensor([image_size[1] - 1, image_size[0] - 1])
    z = vertices[..., 2:]
    front = z >= near
    pixels = vertices[..., :2] / torch.where(front, z, 1.0)
    pixels = pixels * K[:, None, :2] + (K[:, None, 2:] - 0.5)
    # A vertex behind the near plane says nothing about the pixels covered.
    low = torch.where(front, pixels, 0.0).ceil().clamp_min(0)
    high = torch.where(front, pixels, last_pixel).floor()
    low = torch.minimum(low, last_pixel + 1)
    high = torch.minimum(high.clamp_min(-1), last_pixel)
    # Small integers with the vertices in front: gathering is the bottleneck.
    low, high, front = (
        x.transpose(0, 1).to(torch.int16).contiguous()
        for x in (low, high, front[..., 0])
    )
    low = _face_reduce(low, faces, torch.minimum)
    high = _face_reduce(high, faces, torch.maximum)
    extent = high - low + 1
    seen = (extent[..., 0] > 0) & (extent[..., 1] > 0)
    seen &= _face_reduce(front, faces, torch.maximum).bool()
    sample, face = seen.T.nonzero(as_tuple=True)
    low, high = low[face, sample].long(), high[face, sample].long()
    crossing = _face_reduce(front, faces, torch.minimum)[face, sample] == 0
    corners = vertices[sample[crossing, None], faces[face[crossing]]]
    low[crossing], high[crossing] = _clipped_box(
        corners, K[sample[crossing]], last_pixel, near
    )
    return sample, face, low, (high - low + 1).clamp_min(0)


def _clipped_box(corners, K, last_pixel, near):
    """Pixel boxes of what triangles (T, 3, 3) show before the near plane.

    A limb that reaches for the camera would otherwise be searched for in the
    whole image, once for each of its triangles.
    """
    ends = corners.roll(-1, 1)
    z, z_end = corners[..., 2:], ends[..., 2:]
    cut = (z < near) != (z_end < near)
    part = (near - z) / torch.where(cut, z_end - z, 1.0)
    on_plane = corners + part * (ends - corners)
    points = torch.cat([corners, on_plane], 1)
    shown = torch.cat([z >= near, cut], 1)
    pixels = points[..., :2] / points[..., 2:].clamp_min(near)
    pixels = pixels * K[:, None, :2] + (K[:, None, 2:] - 0.5)
    # A pixel of margin for what was rounded.
    low = torch.where(shown, pixels, torch.inf).amin(1).ceil() - 1
    high = torch.where(shown, pixels, -torch.inf).amax(1).floor() + 1
    low = torch.minimum(low.clamp_min(0), last_pixel + 1)
    high = torch.minimum(high.clamp_min(-1), last_pixel)
    return low.long(), high.long()


def _face_reduce(per_vertex, faces, reduce):
    """Combine (V, ...) values over the three vertices of each face."""
    a, b, c = (per_vertex.index_select(0, faces[:, i]) for i in range(3))
    return reduce(reduce(a, b), c)


def _homogeneous(triangle, K, low, near):
    """Pixel coordinates (x w, y w, w) relative to the triangle's box.

    Vertices in front are divided by z, which keeps full precision however far
    the body is; the others are taken as they are.  Returns corners (T, 3, 3)
    and the factor 1 / z or 1 that was applied, (T, 3).
    """
    z = triangle[..., 2]
    front = z >= near
    scale = torch.where(front, 1 / torch.where(front, z, 1.0), 1.0)
    w = torch.where(front, torch.ones_like(z), z)
    centre = K[:, None, 2:] - low[:, None]
    xy = triangle[..., :2] * scale[..., None] * K[:, None, :2]
    xy = xy + w[..., None] * centre
    return torch.cat([xy, w[..., None]], -1), scale


def _edge_functions(corner, scale):
    """Edge functions and depth weights.

    For a pixel p = (x, y, 1), ``bary = edges @ p`` satisfies
    p = sum_i bary_i corner_i, and 1 / z = sum_i bary_i scale_i.
    """
    a, b, c = corner.unbind(-2)
    edges = torch.stack(
        [torch.cross(b, c, dim=-1), torch.cross(c, a, dim=-1),
         torch.cross(a, b, dim=-1)], -2,
    )  # fmt: skip
    determinant = (a * edges[:, 0]).sum(-1)
    flat = determinant.abs() < 1e-9
    inverse = torch.where(flat, 0.0, 1 / torch.where(flat, 1.0, determinant))
    edges = edges * inverse[:, None, None]
    # A degenerate triangle covers nothing: make its test fail everywhere.
    edges[flat] = -1.0
    return edges, scale


def _resolve(pixel, z, face, shape):
    """Keep the nearest face of each pixel (ties: the lowest face index)."""
    # The bits of a positive float order like an integer: depth in the high
    # word, face in the low one, and one minimum decides both.
    key = z.float().view(torch.int32).long() << _INDEX_BITS | face
    best = torch.full(
        (shape[0] * shape[1] * shape[2],), _NO_HIT, device=pixel.device
    )
    best.scatter_reduce_(0, pixel, key, 'amin')
    hit = best != _NO_HIT
    mask = (1 << _INDEX_BITS) - 1
    face_index = torch.where(hit, best & mask, -1)
    depth = (best >> _INDEX_BITS).int().view(torch.float32)
    depth = torch.where(hit, depth, torch.inf)
    return Fragments(face_index.view(shape), depth.view(shape).to(z.dtype))


def barycentric(
    fragments: Fragments, vertices: Tensor, faces: Tensor, K: Tensor
) -> Tensor:
    """Perspective-correct weights of the visible face's three vertices.

    Args:
        fragments: From :func:`rasterize` with the same geometry.
        vertices: (N, V, 3) in the camera frame, metres.
        faces: (F, 3) long.
        K: (N, 4) intrinsics in pixels.

    Returns:
        Tensor: (N, H, W, 3) weights summing to 1 (0 on the background).
    """
    sample, y, x = (fragments.face_index >= 0).nonzero(as_tuple=True)
    face = fragments.face_index[sample, y, x]
    corners = vertices[sample[:, None], faces[face]]
    pixel = torch.stack([x, y], -1)
    corner, scale = _homogeneous(corners, K[sample], pixel, near=1e-6)
    edges, _ = _edge_functions(corner, scale)
    bary = (edges * edges.new_tensor([0.5, 0.5, 1.0])).sum(-1) * scale
    bary = bary / bary.sum(-1, keepdim=True)
    out = vertices.new_zeros(*fragments.face_index.shape, 3)
    out[sample, y, x] = bary
    return out
