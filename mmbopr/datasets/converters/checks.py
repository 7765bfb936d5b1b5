"""Whether rows fit the pictures they are about."""

from pathlib import Path

import numpy as np

from .raw_files import ConversionError
from .rows import Rows

# Median distance of projected and annotated joints, in sides of the box, that
# says that camera, body or pictures belong to something else.  Annotated and
# SMPL's joints differ by a few hundredths.
MAX_REPROJECTION = 0.1


def check_projection(
    rows: Rows, pixels: np.ndarray, keypoints: np.ndarray, path: Path
) -> None:
    """Compare projected bodies with annotated joints.

    Their median distance is written down as the note ``reprojection_px``.

    Args:
        rows: N rows with ``bbox_cs``.
        pixels: (N, J, 2) projected joints.
        keypoints: (N, J, 3) pixels and confidence of the same joints.
        path: The input, for the error.

    Raises:
        ConversionError: If they lie too far apart.
    """
    # Rows without a box are left out later.
    seen = (keypoints[..., 2] > 0) & (rows['bbox_cs'][:, 2:] > 0)
    if not seen.any():
        return
    gap = np.linalg.norm(pixels - keypoints[..., :2], axis=-1)
    rows.notes['reprojection_px'] = float(np.median(gap[seen]))
    side = np.broadcast_to(rows['bbox_cs'][:, 2:], gap.shape)
    relative = np.median(gap[seen] / side[seen])
    if relative > MAX_REPROJECTION:
        raise ConversionError(
            f'{path}: the bodies project {relative:.0%} of a box away from '
            f'the annotated joints (median; at most {MAX_REPROJECTION:.0%} '
            f'is expected). Use the SMPL files that the data set was made '
            f'with, and an undamaged download'
        )
