"""LSP extended with the bodies of EFT."""

from mmbopr.registry import DATASETS

from .official_mesh_dataset import OfficialMeshDataset


@DATASETS.register_module()
class LSPETEFTMeshDataset(OfficialMeshDataset):
    """LSP extended with bodies fitted by EFT, those of the neutral model.

    The paper shows pictures of it and does not train on it.

    Args:
        ann_file: What ``tools/dataset_converters/lspet_eft.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'lspet_eft'
