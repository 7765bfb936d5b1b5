"""AGORA, by occlusion and age."""

import numpy as np

from mmbopr.registry import DATASETS

from .official_mesh_dataset import (
    Choice,
    Columns,
    OfficialMeshDataset,
    column,
    whole,
)

# Percent of the person that is hidden.
BANDS = ((0, 10), (10, 30), (30, 50), (50, 70), (70, 90))


def of_band(low: float, high: float) -> Choice:
    """Rows hidden by at least ``low`` and less than ``high`` percent."""

    def choose(columns: Columns) -> np.ndarray:
        hidden = 100 * column(columns, 'occlusion').astype(np.float64)
        # As given: 10 % stored in single precision must not fall below 10.
        hidden = hidden.round(4)
        return (hidden >= low) & (hidden < high)

    return choose


@DATASETS.register_module()
class AGORAMeshDataset(OfficialMeshDataset):
    """AGORA; bodies are the neutral model's, children those of adults.

    Subsets are ``'all'``, ``'adult'``, ``'kid'`` and bands of occlusion in
    percent: ``'occ_0_10'``, ``'occ_10_30'``, ``'occ_30_50'``,
    ``'occ_50_70'`` and ``'occ_70_90'``, each without its upper end.

    Args:
        ann_file: What ``tools/dataset_converters/agora.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        subset: One of these.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'agora'
    SUBSETS = {
        'all': whole,
        'adult': lambda columns: ~column(columns, 'kid'),
        'kid': lambda columns: column(columns, 'kid'),
        **{f'occ_{low}_{high}': of_band(low, high) for low, high in BANDS},
    }
