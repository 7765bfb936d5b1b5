"""BEDLAM."""

from mmbopr.registry import DATASETS

from .official_mesh_dataset import OfficialMeshDataset


@DATASETS.register_module()
class BEDLAMMeshDataset(OfficialMeshDataset):
    """BEDLAM, synthetic people with bodies of their gender.

    Args:
        ann_file: What ``tools/dataset_converters/bedlam.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'bedlam'
