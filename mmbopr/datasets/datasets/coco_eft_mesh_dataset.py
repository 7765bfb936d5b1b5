"""COCO with the bodies of EFT."""

from mmbopr.registry import DATASETS

from .official_mesh_dataset import OfficialMeshDataset


@DATASETS.register_module()
class CocoEFTMeshDataset(OfficialMeshDataset):
    """COCO 2014 with bodies fitted by EFT; bodies are the neutral model's.

    The only data set whose part maps the paper supervises; set
    ``supervise_segmentation=False`` for the others of a mixture.

    Args:
        ann_file: What ``tools/dataset_converters/coco_eft.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'coco_eft'
