"""Step 2c of the open body: ten shape components of the sampled bodies."""

import numpy as np

NUM_BETAS = 10
MIN_HEIGHT_CHANGE = 0.02


def vertex_areas(vertices, faces):
    """(V,) surface area that belongs to each vertex."""
    a, b, c = vertices[faces].swapaxes(0, 1)
    areas = 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return np.bincount(
        faces.ravel(), np.repeat(areas / 3, 3), minlength=len(vertices)
    )


def volume(vertices, faces):
    """Volume of a closed mesh."""
    a, b, c = vertices[faces].swapaxes(0, 1)
    return (a * np.cross(b, c)).sum() / 6


def fit_shape_space(bodies):
    """Principal components, weighted by area, of unit variance.

    Without the weights the dense hands and face would rule the components.
    A positive coefficient means taller, or heavier where height is not
    affected.

    Args:
        bodies: The sampled :class:`anny_rig.Bodies`, pelvis at 0.

    Returns:
        tuple: (V, 3) mean, (V, 3, 10) components in metres per standard
        deviation, (N, 10) coefficients of the samples, and the explained
        share of the (area weighted) variance.
    """
    count, V = bodies.vertices.shape[:2]
    mean = bodies.vertices.mean(0, np.float64)
    areas = vertex_areas(mean, bodies.faces)
    areas[bodies.internal] = 0
    share = np.repeat(areas / areas.sum(), 3)
    centred = bodies.vertices.reshape(count, -1) - mean.ravel()
    centred = centred.astype(np.float32)
    gram = (centred * share.astype(np.float32)) @ centred.T
    values, vectors = np.linalg.eigh(gram.astype(np.float64))
    explained = values[::-1][:NUM_BETAS].sum() / values.sum()
    betas = vectors[:, ::-1][:, :NUM_BETAS] * np.sqrt(count - 1)
    components = betas.T.astype(np.float32) @ centred / (count - 1)
    components = components.reshape(NUM_BETAS, V, 3).astype(np.float64)
    for k in range(NUM_BETAS):
        if _growth(mean, components[k], bodies.faces) < 0:
            components[k] *= -1
            betas[:, k] *= -1
    return mean, components.transpose(1, 2, 0), betas, explained


def _growth(mean, component, faces):
    top, bottom = mean[:, 1].argmax(), mean[:, 1].argmin()
    height = component[top, 1] - component[bottom, 1]
    if abs(height) > MIN_HEIGHT_CHANGE:
        return height
    return volume(mean + component, faces) - volume(mean - component, faces)
