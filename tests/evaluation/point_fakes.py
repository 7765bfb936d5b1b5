"""Random points, and alignment one sample at a time."""

import numpy as np
from scipy.spatial.transform import Rotation


def random_points(seed, count=3, joints=14):
    return np.random.default_rng(seed).normal(0, 0.5, (count, joints, 3))


def random_similarity(rng, points):
    rotation = Rotation.random(random_state=rng.integers(2**31)).as_matrix()
    return rng.uniform(0.3, 3) * points @ rotation + rng.normal(0, 2, 3)


def kabsch_loop(pred, gt):
    """One sample at a time, by SciPy's Kabsch: the independent route."""
    aligned = []
    for source, target in zip(pred, gt, strict=True):
        source = source - source.mean(0)
        centre = target.mean(0)
        rotation, _ = Rotation.align_vectors(target - centre, source)
        turned = rotation.apply(source)
        scale = (turned * (target - centre)).sum() / (source**2).sum()
        aligned.append(scale * turned + centre)
    return np.stack(aligned)


def numpy_loop(pred, gt):
    """One sample at a time, in the manner of the usual evaluation loops."""
    aligned = []
    for source, target in zip(pred, gt, strict=True):
        mu1, mu2 = source.mean(0), target.mean(0)
        x1, x2 = (source - mu1).T, (target - mu2).T
        u, _, vt = np.linalg.svd(x1 @ x2.T)
        z = np.eye(3)
        z[2, 2] = np.sign(np.linalg.det(u @ vt))
        rotation = vt.T @ z @ u.T
        scale = np.trace(rotation @ x1 @ x2.T) / (x1**2).sum()
        aligned.append(scale * (rotation @ x1).T + mu2)
    return np.stack(aligned)
