"""MPII with the bodies of EFT."""

from mmbopr.registry import DATASETS

from .official_mesh_dataset import OfficialMeshDataset


@DATASETS.register_module()
class MPIIEFTMeshDataset(OfficialMeshDataset):
    """MPII with bodies fitted by EFT; bodies are the neutral model's.

    Args:
        ann_file: What ``tools/dataset_converters/mpii_eft.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'mpii_eft'
