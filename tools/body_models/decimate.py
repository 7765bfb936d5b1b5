"""Step 2b of the open body: symmetric decimation of a mesh.

Half-edge collapses with quadric error (Garland and Heckbert 1997), done on
one half of the body and mirrored.  A collapse moves a vertex *onto* its
neighbour, so that kept vertices are a subset of the original ones and shapes
and weights need only be indexed.
"""

import heapq

import numpy as np

MIN_NORMAL_AGREEMENT = 0.35
MIN_ASPECT = 0.06
MAX_VALENCE = 11
SPACING_WEIGHT = 2e-6


class HalfMesh:
    """The half of a symmetric mesh at x >= 0, open at the midline.

    Args:
        vertices: (V, 3).
        faces: (F, 3).
        mirror: (V,) mirror image of each vertex; itself on the midline.
        importance: (V,) weight of the error around each vertex.
        internal: (V,) bool, surface that nobody sees: any shape will do.
    """

    def __init__(self, vertices, faces, mirror, importance, internal):
        self.vertices = vertices
        self.internal = internal
        self.midline = mirror == np.arange(len(mirror))
        ours = (vertices[:, 0] > 0) | self.midline
        self.faces = {
            i: list(face)
            for i, face in enumerate(faces.tolist())
            if ours[face].all() and not self.midline[face].all()
        }
        self.faces_of = {}
        for i, face in self.faces.items():
            for v in face:
                self.faces_of.setdefault(v, set()).add(i)
        self.quadrics = self._quadrics(importance)

    def _quadrics(self, importance):
        quadrics = {v: np.zeros((4, 4)) for v in self.faces_of}
        for face in self.faces.values():
            a, b, c = self.vertices[face]
            normal = np.cross(b - a, c - a)
            double_area = np.linalg.norm(normal) + 1e-18
            normal = normal / double_area
            plane = np.append(normal, -normal @ a)
            weight = double_area * importance[face].mean()
            for v in face:
                quadrics[v] += weight * np.outer(plane, plane)
        for v in quadrics:  # squared distance to itself: keeps spacing even
            x = self.vertices[v]
            stay = np.eye(4)
            stay[:3, 3] = stay[3, :3] = -x
            stay[3, 3] = x @ x
            quadrics[v] += SPACING_WEIGHT * importance[v] * stay
        return quadrics

    def neighbours(self, v):
        """Vertices that share a face with v."""
        return {u for i in self.faces_of[v] for u in self.faces[i]} - {v}

    def cost(self, v, target):
        """Error of moving v onto target."""
        point = np.append(self.vertices[target], 1.0)
        quadric = self.quadrics[v] + self.quadrics[target]
        return float(point @ quadric @ point)

    def can_collapse(self, v, target):
        """Whether topology, midline and triangle shapes survive."""
        shared_faces = self.faces_of[v] & self.faces_of[target]
        around, around_target = self.neighbours(v), self.neighbours(target)
        shared = around & around_target
        if self.midline[v] and not (
            self.midline[target] and len(shared_faces) == 1
        ):
            return False
        if len(shared) != len(shared_faces):  # link condition
            return False
        if self.midline[target] and not self.midline[v]:
            # v touches the midline elsewhere: the two sides would be glued.
            if any(self.midline[u] for u in around - {target}):
                return False
        if len(around | around_target) - 2 > MAX_VALENCE:
            return False
        return all(
            self._keeps_shape(self.faces[i], v, target)
            for i in self.faces_of[v] - shared_faces
        )

    def _keeps_shape(self, face, v, target):
        before = self.vertices[face]
        after = self.vertices[[target if u == v else u for u in face]]
        normal = np.cross(before[1] - before[0], before[2] - before[0])
        new = np.cross(after[1] - after[0], after[2] - after[0])
        size = np.linalg.norm(new)
        if size < 1e-12:
            return False
        if self.internal[face].any():
            return True
        longest = max(np.linalg.norm(after - np.roll(after, 1, 0), axis=1))
        agreement = normal @ new / (np.linalg.norm(normal) * size)
        return (
            agreement >= MIN_NORMAL_AGREEMENT
            and size / longest**2 >= MIN_ASPECT
        )

    def collapse(self, v, target):
        """Move v onto target; returns the neighbours of target."""
        self.quadrics[target] = self.quadrics[v] + self.quadrics[target]
        for i in list(self.faces_of[v]):
            face = self.faces[i]
            if target in face:
                for u in face:
                    self.faces_of[u].discard(i)
                del self.faces[i]
            else:
                face[face.index(v)] = target
                self.faces_of[target].add(i)
        del self.faces_of[v]
        return self.neighbours(target)

    def size(self):
        """Number of vertices of the whole, symmetric mesh."""
        on_midline = sum(bool(self.midline[v]) for v in self.faces_of)
        return 2 * len(self.faces_of) - on_midline


def decimate(vertices, faces, mirror, target, importance, internal):
    """Decimate to exactly ``target`` vertices.

    Args:
        vertices, faces, mirror, importance, internal: See :class:`HalfMesh`.
        target: Number of vertices to keep.

    Returns:
        tuple: (target,) kept indices, faces and mirror map in the new
        indices.

    Raises:
        ValueError: If the number cannot be reached.
    """
    mesh = HalfMesh(vertices, faces, mirror, importance, internal)
    version = dict.fromkeys(mesh.faces_of, 0)
    heap = []

    def push(v, to):
        heapq.heappush(
            heap, (mesh.cost(v, to), v, to, version[v], version[to])
        )

    for v in mesh.faces_of:
        for u in sorted(mesh.neighbours(v)):
            push(v, u)
    size = mesh.size()
    while size > target:
        if not heap:
            raise ValueError(f'stuck at {size} vertices, wanted {target}')
        _, v, to, version_v, version_to = heapq.heappop(heap)
        gone = v not in mesh.faces_of or to not in mesh.faces_of
        if gone or (version[v], version[to]) != (version_v, version_to):
            continue
        step = 1 if mesh.midline[v] else 2
        if size - step < target or not mesh.can_collapse(v, to):
            continue
        ring = mesh.collapse(v, to)
        size -= step
        version[to] += 1
        for u in sorted(ring):
            push(u, to)
            push(to, u)
    return _unfold(mesh, mirror)


def _unfold(mesh, mirror):
    """Both halves: kept vertices, faces, mirror map."""
    half = np.array(sorted(mesh.faces_of))
    kept = np.union1d(half, mirror[half])
    new_index = np.full(len(mirror), -1)
    new_index[kept] = np.arange(len(kept))
    ours = np.array(list(mesh.faces.values()))
    faces = np.concatenate([ours, mirror[ours][:, ::-1]])
    return kept, new_index[faces], new_index[mirror[kept]]
