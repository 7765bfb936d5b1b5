"""Share of joints within reach, and the area under its curve.

The 3DPCK of MPI-INF-3DHP (Mehta et al., 3DV 2017) in the convention of
MMHuman3D: a joint is correct *below* the threshold, the root counts as any
other joint, and the area is the plain mean over 31 thresholds from 0 to 150
mm.  At 0 mm nothing is correct, so a perfect prediction reaches 30/31.
"""

import numpy as np

from .points import MM_PER_M, Array, point_distances

PCK_THRESHOLD = 150.0
AUC_THRESHOLDS = np.linspace(0, PCK_THRESHOLD, 31)


def pck(
    pred: Array, gt: Array, threshold: float = PCK_THRESHOLD
) -> np.ndarray:
    """Percentage of correct key points (3DPCK).

    Args:
        pred: (N, J, 3) root-aligned joints in metres.
        gt: (N, J, 3) ground truth, aligned in the same way.
        threshold: Distance in mm below which a joint is correct.

    Returns:
        np.ndarray: (N,) in percent of the J joints.
    """
    correct = MM_PER_M * point_distances(pred, gt) < threshold
    return 100 * correct.mean(axis=1)


def auc(pred: Array, gt: Array) -> np.ndarray:
    """Mean of :func:`pck` over :data:`AUC_THRESHOLDS`.

    Args:
        pred: (N, J, 3) root-aligned joints in metres.
        gt: (N, J, 3) ground truth, aligned in the same way.

    Returns:
        np.ndarray: (N,) in percent.
    """
    distances = MM_PER_M * point_distances(pred, gt)
    # Thresholds at or below a distance are those that the joint fails.
    failed = np.searchsorted(AUC_THRESHOLDS, distances, side='right')
    return 100 * (1 - failed / len(AUC_THRESHOLDS)).mean(axis=1)
