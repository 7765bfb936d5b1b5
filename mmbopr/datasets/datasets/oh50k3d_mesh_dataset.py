"""3DOH50K."""

from mmbopr.registry import DATASETS

from .official_mesh_dataset import OfficialMeshDataset


@DATASETS.register_module()
class OH50K3DMeshDataset(OfficialMeshDataset):
    """3DOH50K, people behind objects; bodies are the neutral model's.

    Args:
        ann_file: What ``tools/dataset_converters/oh50k3d.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = '3doh50k'
