"""Human3.6M."""

import numpy as np

from mmbopr.registry import DATASETS

from .official_mesh_dataset import Columns, OfficialMeshDataset, whole

FRONTAL_CAMERA = '60457274'


def protocol_2(columns: Columns) -> np.ndarray:
    """Rows of the camera that protocol 2 uses."""
    return np.char.endswith(columns['seq'], f'.{FRONTAL_CAMERA}')


@DATASETS.register_module()
class Human36mMeshDataset(OfficialMeshDataset):
    """Human3.6M: 17 joints in 2D and 3D, no bodies.

    Args:
        ann_file: What ``tools/dataset_converters/h36m.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        subset: ``'all'`` cameras, or ``'p2'``, the one of protocol 2.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'h36m'
    SUBSETS = {'all': whole, 'p2': protocol_2}
